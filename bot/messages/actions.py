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
REMOVE_TRACES = "headroom_remove_traces"  # empty; in the trust view, with a confirm dialog
LINK_RIGHT = "headroom_link_right"  # what `bot.messages.permalinks.packed` wrote
LINK_WRONG = "headroom_link_wrong"  # the same
SETUP_MORE = "headroom_setup_more"  # "more" or "less": what to show next

# Blocks of messages: `block_id`s.
ALERT_BUTTONS = "headroom_alert_buttons"

# Views: `callback_id`s.
SETUP_VIEW = "headroom_setup"
TRUST_VIEW = "headroom_trust"

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
HOURS = "headroom_hours"  # [plain_text_input] as bot.health.worktime.parse_hours reads it
TZ = "headroom_tz"  # [plain_text_input] an IANA name
COUNTRY = "headroom_country"  # [plain_text_input] optional, ISO code
SHARE_OF_TIME = "headroom_share_of_time"  # [number_input] percent
HANDS_ON = "headroom_hands_on"  # [number_input] minutes, optional (empty: the preset's guess)
USUALLY_AWAY = "headroom_usually_away"  # [number_input] person-days a week
APPS = "headroom_apps"  # [checkboxes] optional; Slack bot ids whose posts are requests; only where apps were seen
OTHER_APPS = "headroom_other_apps"  # [radio_buttons] "ignore" or "request"
LANGUAGE = "headroom_language"  # [static_select] a key of bot.wordlists.LANGUAGES

FIRST_FIELDS = (NAME, PRESET, RESPONDERS, USER_GROUP, LEAD, TEAM_CHANNEL, HISTORY)
"""The five questions, in order: the team, who answers (people or a group), who leads, where load is told, the past."""
MORE_FIELDS = (QUEUE, HOURS, TZ, COUNTRY, SHARE_OF_TIME, HANDS_ON, USUALLY_AWAY, APPS, OTHER_APPS, LANGUAGE)
"""What has a default, in order."""
