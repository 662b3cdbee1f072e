"""`headroom doctor`: what stands between this installation and a working bot, and how to mend it.

finding     one line: ok, note or problem, and the mend
machine     settings file, clock, database, disk
workspace   tokens, scopes, channels, who is in the team channels
contract    our messages, before Slack's public check and the sandbox's
run         all of them, in order
"""

from bot.doctor.finding import Finding, State
from bot.doctor.run import examine

__all__ = ["Finding", "State", "examine"]
