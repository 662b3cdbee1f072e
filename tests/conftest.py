"""What all tests share."""

from hypothesis import HealthCheck, settings

# A busy machine is no defect: how long an example takes is for the benchmarks.
settings.register_profile("headroom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("headroom"), max_examples=10)
settings.load_profile("headroom")
