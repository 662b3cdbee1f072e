"""Settings: read once, refused by name, secrets never shown."""

from pathlib import Path

import pytest

from bot.errors import BadInputError
from bot.settings import TABLE, Settings, is_loopback, load, table

BOT, APP, SECRET = "xoxb-1-hush", "xapp-1-hush", "s3cret-hush"


def test_defaults_stand_where_nothing_is_set() -> None:
    """An empty environment gives Slack's address, a database in the working folder and no tokens."""
    settings = load({}, None)
    assert settings == Settings()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database == Path("headroom.db")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A `.env` file fills what the environment leaves open and never overrides it."""
    file = tmp_path / ".env"
    file.write_text(f"\ufeffSLACK_BOT_TOKEN={BOT}\nexport HEADROOM_LOG_LEVEL='debug'\n# a note\n", encoding="utf-8")
    settings = load({"HEADROOM_LOG_LEVEL": "ERROR"}, file)
    assert settings.slack_bot_token == BOT
    assert settings.log_level == "error"


def test_a_missing_file_is_no_error(tmp_path: Path) -> None:
    """Without a `.env` file the environment alone speaks."""
    assert load({}, tmp_path / ".env") == Settings()


def test_an_empty_value_means_unset() -> None:
    """A variable set to nothing takes its default, as container files often leave them."""
    assert load({"SLACK_BOT_TOKEN": "", "HEADROOM_DATABASE": " "}, None) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-hush", "SLACK_BOT_TOKEN is 'xapp-…': that is an app-level token"),
        ("SLACK_BOT_TOKEN", "xoxp-1-hush", "that is a user token"),
        ("SLACK_APP_TOKEN", "xoxb-1-hush", "SLACK_APP_TOKEN is 'xoxb-…': that is a bot token"),
        ("SLACK_BOT_TOKEN", "1234hush", "does not start with xoxb-"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-hush", "copy the Signing Secret"),
        ("SLACK_BOT_TOKEN", "xoxb-…", "SLACK_BOT_TOKEN is 'xoxb-…': that is still the example from the README; copy"),
        ("SLACK_BOT_TOKEN", "xoxb-...", "that is still the example"),
        ("SLACK_BOT_TOKEN", "xoxb-", "that is still the example"),
        ("SLACK_APP_TOKEN", "xapp-…", "SLACK_APP_TOKEN is 'xapp-…': that is still the example from the README; copy"),
        ("SLACK_SIGNING_SECRET", "…", "SLACK_SIGNING_SECRET is '…': that is still the example from the README; copy"),
        ("SLACK_BOT_TOKEN", "xoxb-1-hush…", "its character 12 of 12 (horizontal ellipsis) is none that such a secret"),
        ("SLACK_APP_TOKEN", "xapp-1 hush", "its character 7 of 11 (space) is none"),
        ("SLACK_APP_TOKEN", "xapp-\u200b1-hush", "its character 6 of 12 (zero width space) is none"),
        ("SLACK_APP_TOKEN", "xapp-1\udce2hush", "its character 7 of 11 (u+dce2) is none"),
        ("SLACK_SIGNING_SECRET", "hüsh", "its character 2 of 4 (latin small letter u with diaeresis) is none"),
        ("SLACK_API_URL", "slack.com/api", "write a full address"),
        ("SLACK_API_URL", "http://example.com/api/", "write https://"),
        ("HEADROOM_LOG_LEVEL", "loud", "write one of debug, info, warning, error"),
        ("HEADROOM_CLOCK_OFFSET", "tomorrow", "write a number of seconds"),
        ("HEADROOM_CLOCK_OFFSET", "nan", "write a number of seconds"),
        ("HEADROOM_CLOCK_OFFSET", "60", "only a sandbox may have another clock"),
        ("HEADROOM_DATABASE", "/", "that is a folder"),
        ("HEADROOM_PORT", "http", "write a port from 0 to 65535"),
        ("HEADROOM_PORT", "65536", "write a port from 0 to 65535"),
        ("HEADROOM_PORT", "-1", "write a port from 0 to 65535"),
        ("HEADROOM_HOST", "http://0.0.0.0", "write an address or a name alone"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str, said: str) -> None:
    """The sentence names the setting, what stood there and the mend; of a token only its kind."""
    with pytest.raises(BadInputError) as caught:
        load({name: value}, None)
    assert str(caught.value).startswith(name)
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_near_miss_of_a_name_is_refused() -> None:
    """A typing error in a name stops the start instead of silently using the default."""
    with pytest.raises(BadInputError, match="did you mean HEADROOM_DATABASE"):
        load({"HEADROOM_DATABSE": "x.db"}, None)


def test_a_stranger_is_only_mentioned() -> None:
    """Names that a cluster adds by itself do not stop the bot."""
    warnings = load({"HEADROOM_SERVICE_HOST": "10.0.0.1"}, None).warnings
    assert len(warnings) == 1
    assert "HEADROOM_SERVICE_HOST" in warnings[0]


def test_a_sandbox_may_have_its_own_clock_and_plain_http() -> None:
    """On loopback an offset and http are fine, and the address gets its closing slash."""
    settings = load({"SLACK_API_URL": "http://127.0.0.1:4000/api", "HEADROOM_CLOCK_OFFSET": "-60"}, None)
    assert settings.slack_api_url == "http://127.0.0.1:4000/api/"
    assert settings.clock_offset == -60


@pytest.mark.parametrize("url", ["http://localhost:1/", "http://127.0.0.1/", "http://[::1]:9/"])
def test_loopback_is_known_in_every_spelling(url: str) -> None:
    """localhost, 127.0.0.1 and ::1 are this machine; a name that merely starts so is not."""
    assert is_loopback(url)
    assert not is_loopback("http://localhost.example.com/")


def test_secrets_do_not_show() -> None:
    """The record can be logged: neither tokens nor the signing secret stand in its text."""
    shown = repr(load({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SECRET}, None))
    assert "hush" not in shown
    assert "headroom.db" in shown


def test_what_is_needed_is_asked_for_by_name() -> None:
    """A command that needs a token says which variable is missing and where its value stands."""
    with pytest.raises(BadInputError, match="SLACK_APP_TOKEN is '': set it; An app-level token"):
        load({"SLACK_BOT_TOKEN": BOT}, None).need("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")


def test_every_setting_is_described() -> None:
    """The printed table has each name, and each fills a field of the record."""
    shown = table()
    for setting in TABLE:
        assert setting.name in shown
        assert hasattr(Settings(), setting.field)


@pytest.mark.parametrize(
    "line", ["SLACK_BOT_TOKEN xoxb-1-hush", "SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN='xoxb-1-hush", "xoxb-1-hush"]
)
def test_a_line_that_is_none_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    """A line without =, or with an open quote, stops the start; its number is told, not what it holds."""
    file = tmp_path / ".env"
    file.write_text(f"# tokens\nHEADROOM_LOG_LEVEL=info\n{line}\n")
    with pytest.raises(BadInputError, match=r"line 3 of .*\.env is '…': write NAME=value there") as caught:
        load({}, file)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKN", "SLACK_SIGNING_SECRETS", "HEADROM_DATABASE", "slack_bot_token"])
def test_a_near_miss_in_the_file_is_refused(tmp_path: Path, name: str) -> None:
    """The file is ours: a name in it that is nearly one of ours is a typing error."""
    file = tmp_path / ".env"
    file.write_text(f"{name}=x\n")
    with pytest.raises(BadInputError, match="did you mean"):
        load({}, file)


def test_another_programs_names_are_left_alone(tmp_path: Path) -> None:
    """In the environment, names like ours that are not ours are at most mentioned; in the file, always."""
    assert load({"SLACK_WEBHOOK_URL": "x", "PATH": "/bin"}, None).warnings == ()
    (mentioned,) = load({"SLACK_API_TOKEN": "x"}, None).warnings
    assert "did you mean SLACK_A" in mentioned
    file = tmp_path / ".env"
    file.write_text("COMPOSE_PROJECT_NAME=x\n")
    (mentioned,) = load({}, file).warnings
    assert mentioned == "COMPOSE_PROJECT_NAME in the settings file is not a setting of Headroom and is passed over."


def markdown() -> str:
    """The settings as a Markdown table."""
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default is not None else '–'} | {s.help} |" for s in TABLE]
    return "\n".join(["| variable | default | |", "|---|---|---|", *rows])


def test_the_readme_has_the_table() -> None:
    """What stands between its markers is made from the settings themselves."""
    page = (Path(__file__).parents[1] / "README.md").read_text()
    between = page.split("<!-- settings -->\n")[1].split("\n<!-- /settings -->")[0]
    assert between == markdown()
