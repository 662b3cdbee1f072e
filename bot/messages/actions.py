"""Every id that Slack sends back to us, in one place; they live on in old messages, so they never change."""

# Buttons on messages: `action_id`s. What their `value` holds stands beside each.
ACKNOWLEDGE = "headroom_alert_acknowledge"  # the alert's id
SNOOZE_DAY = "headroom_alert_snooze_day"  # the alert's id
SNOOZE_WEEK = "headroom_alert_snooze_week"  # the alert's id
SEE_NUMBERS = "headroom_numbers"  # the team's id
SHARE = "headroom_share"  # the team's id: asks first, naming the audience
SHARE_YES = "headroom_share_yes"  # the team's id
SHARE_NO = "headroom_share_no"  # the team's id
OPEN_SETUP = "headroom_open_setup"  # the channel's id, or empty
HOME_SETTINGS = "headroom_home_settings"  # in the Home tab; the queue's channel id
OPEN_TRUST = "headroom_open_trust"  # empty
OPEN_HELP = "headroom_open_help"  # empty
CHOOSE_TEAM = "headroom_choose_team"  # + "_<n>"; word, rest and team, as `handlers.meant` packs them
REMOVE_TRACES = "headroom_remove_traces"  # empty; in the trust view, with a confirm dialog
LINK_RIGHT = "headroom_link_right"  # what `bot.messages.permalinks.packed` wrote
LINK_WRONG = "headroom_link_wrong"  # the same
SETUP_MORE = "headroom_setup_more"  # "more" or "less": what to show next
SETUP_EMOJI = "headroom_setup_emoji"  # "emoji" or "less": what to show next
PULSE_ANSWER = "headroom_pulse_answer"  # + "_<question>_<choice>"; pulse id, token, as `bot.messages.pulse` packs them
PULSE_TEXT = "headroom_pulse_text"  # the same: opens the one optional line
PULSE_MUTE = "headroom_pulse_mute"  # empty: no more pulses to me
PULSE_UNMUTE = "headroom_pulse_unmute"  # empty
PULSE_RESULTS = "headroom_pulse_results"  # the team's id
FRICTION_OPEN = "headroom_friction_open"  # the team's id: opens the form
FRICTION_LIST = "headroom_friction_list"  # the team's id
FRICTION_LOOKING = "headroom_friction_looking"  # team and topic
FRICTION_FIXED = "headroom_friction_fixed"  # team and topic
GAIN_OPEN = "headroom_gain_open"  # the team's id: opens the form
GAIN_LIST = "headroom_gain_list"  # the team's id
GAIN_STANDS = "headroom_gain_stands"  # the gain's id: what it depends on still stands
GAIN_ENDED = "headroom_gain_ended"  # the gain's id: it no longer stands
PLEDGE_OPEN = "headroom_pledge_open"  # the team's id
DIGEST_DETAILS = "headroom_digest_details"  # the team's id
DIGEST_MONTHLY = "headroom_digest_monthly"  # the team's id
DIGEST_KEEP = "headroom_digest_keep"  # the team's id
BACKTEST = "headroom_backtest"  # the team's id: what it would have said before
RHYTHM_OPEN = "headroom_rhythm_open"  # the team's id: what is told and asked, and how often
EFFICIENCY_OPEN = "headroom_efficiency_open"  # value: team; the form of the efficiency equation
ROSTER_OPEN = "headroom_roster_open"  # the team's id
AWAY_OPEN = "headroom_away_open"  # the team's id, or empty
PROMISE_OPEN = "headroom_alert_promise"  # the alert's id: "We'll do …"
SOLVED = "headroom_solved"  # + "_<choice>"; team id and one-time token
SOLVED_MUTE = "headroom_solved_mute"  # the team's id
SOLVED_UNMUTE = "headroom_solved_unmute"  # empty; in the trust view
TRACES_SHOW = "headroom_traces"  # empty: what is kept of the person who presses; + "_on", "_back": a page number
WAITS_OPEN = "headroom_waits"  # the team's id: opens the list of what waits
WAITS_DONE = "headroom_waits_done"  # team, queue and request, with dots between
WAITS_ELSEWHERE = "headroom_waits_elsewhere"  # the same
WAITS_NO_REQUEST = "headroom_waits_no_request"  # the same
WAITS_NEVER_MIND = "headroom_waits_never_mind"  # the same; in the asker's Home tab

# Blocks of messages: `block_id`s.
ALERT_BUTTONS = "headroom_alert_buttons"

# Views: `callback_id`s.
SETUP_VIEW = "headroom_setup"
TRUST_VIEW = "headroom_trust"
TRACES_VIEW = "headroom_traces_view"
PULSE_TEXT_VIEW = "headroom_pulse_text_view"
FRICTION_VIEW = "headroom_friction_view"
GAIN_VIEW = "headroom_gain_view"
PLEDGE_VIEW = "headroom_pledge_view"
RHYTHM_VIEW = "headroom_rhythm_view"
EFFICIENCY_VIEW = "headroom_efficiency_view"
ROSTER_VIEW = "headroom_roster_view"
AWAY_VIEW = "headroom_away_view"
PROMISE_VIEW = "headroom_promise_view"

# Shortcuts: `callback_id`s, as the manifest names them.
FRICTION_SHORTCUT = "headroom_friction_shortcut"

# Inputs of the set-up view. Each stands for a block and its element alike:
# `view["state"]["values"][X][X]`, and an error of the field X goes back as `{"errors": {X: sentence}}`.
# Element type in brackets.
NAME = "headroom_name"  # [plain_text_input]
PRESET = "headroom_preset"  # [static_select] a preset's key
RESPONDERS = "headroom_responders"  # [multi_users_select] optional where groups can be read
USER_GROUP = "headroom_user_group"  # [static_select] optional, only where groups can be read
LEAD = "headroom_lead"  # [users_select]
TEAM_CHANNEL = "headroom_team_channel"  # [conversations_select] optional
HISTORY = "headroom_history"  # [radio_buttons] days: "0" or "90"
# behind "More":
QUEUE = "headroom_queue"  # [conversations_select]; shown at once where the channel is not known
HOURS = "headroom_hours"  # [plain_text_input] as bot.health.seen.worktime.parse_hours reads it
TZ = "headroom_tz"  # [plain_text_input] an IANA name
COUNTRY = "headroom_country"  # [plain_text_input] optional, ISO code
SHARE_OF_TIME = "headroom_share_of_time"  # [number_input] percent
UNSEEN = "headroom_unseen"  # [number_input] percent, optional (empty: none stated)
HANDS_ON = "headroom_hands_on"  # [number_input] minutes, optional (empty: the preset's guess)
USUALLY_AWAY = "headroom_usually_away"  # [number_input] person-days a week
APPS = "headroom_apps"  # [checkboxes] optional; Slack bot ids whose posts are requests; only where apps were seen
OTHER_APPS = "headroom_other_apps"  # [radio_buttons] "ignore" or "request"
LANGUAGE = "headroom_language"  # [static_select] a key of bot.wordlists.LANGUAGES
ALERTING = "headroom_alerting"  # [radio_buttons] "earlier", "usual" or "quieter"

# Inputs of the form for days away:
AWAY_FROM = "headroom_away_from"  # [datepicker]
AWAY_UNTIL = "headroom_away_until"  # [datepicker] optional: the first day alone
AWAY_HOW = "headroom_away_how"  # [radio_buttons] "whole", "half" or "there"

# Inputs of the roster:
ROSTER_WHAT = "headroom_roster_what"  # [static_select] what is to change; its choice shows the fields for it
ROSTER_PERSON = "headroom_roster_person"  # [users_select]
ROSTER_FROM = "headroom_roster_from"  # [datepicker] first day
ROSTER_UNTIL = "headroom_roster_until"  # [datepicker] last day
ROSTER_SHARE = "headroom_roster_share"  # [number_input] percent, optional
ROSTER_HOURS = "headroom_roster_hours"  # [plain_text_input] optional
ROSTER_TZ = "headroom_roster_tz"  # [plain_text_input] optional

# Inputs of the form behind "We'll do …".
PROMISE_WORDS = "headroom_promise_words"  # [plain_text_input]
PROMISE_REVIEW = "headroom_promise_review"  # [datepicker]

# Inputs of the rhythm (what is told and asked, and how often):
RHYTHM_DIGEST = "headroom_rhythm_digest"  # [static_select] weekly, monthly or off
RHYTHM_DAY = "headroom_rhythm_day"  # [static_select] "0" (Monday) to "6"
RHYTHM_TIME = "headroom_rhythm_time"  # [plain_text_input] 09:00
RHYTHM_PULSE = "headroom_rhythm_pulse"  # [static_select] weekly, fortnightly, monthly or off
RHYTHM_SWITCHES = "headroom_rhythm_switches"  # [checkboxes] optional; names of the switches of a rhythm

_OLDER = {"history_days": HISTORY, "share": SHARE_OF_TIME, "unseen_share": UNSEEN, "hands_on_minutes": HANDS_ON}


def of_wish(key: str) -> str:
    """The input that asks for a wish (`bot.wishes`): its key, or the name it had before the key.

    Those above are named because code or tests speak of them; a new wish needs no name here.
    """
    return _OLDER.get(key, f"headroom_{key}")


def of_meaning(key: str) -> str:
    """The input that asks for the emoji of a meaning (`bot.emoji`), by its key. [plain_text_input] optional."""
    return f"headroom_emoji_{key}"
