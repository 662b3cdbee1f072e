"""Words by which a message in a thread is known as a thank-you or as asking for news.

The text is looked at and forgotten; only the answer, yes or no, goes on. Doubt means no: a message that is
neither is a plain follow-up, which harms no figure. English is understood in every language's teams.
"""

import re
import unicodedata
from collections.abc import Mapping

LONGEST_THANKS = 12
"""Words; a longer message says something else as well."""

_MOST_TEXT = 2000  # characters looked at: news is asked for in the first lines

_THANKS = {
    "en": (
        "thanks?|thank you|thx|ty|tysm|much appreciated|appreciate it|you(?:'| a)re the best",
        "that (?:worked|did it|helped|solved it|fixed it)|(?:it )?works now|all good now|:pray:|🙏",
    ),
    "de": (
        "danke|dankeschön|(?:vielen|besten|herzlichen|lieben|tausend) dank|merci|dank (?:dir|euch)",
        "hat geklappt|klappt jetzt|passt jetzt|funktioniert jetzt|geht jetzt|hat geholfen",
    ),
}
_THANKS_ALONE = {
    "en": ("perfect|awesome|great|brilliant|cheers|solved|fixed|all good|got it|:raised_hands:|🙌",),
    "de": ("perfekt|super|klasse|prima|klappt|passt|geht|erledigt|gelöst|alles gut",),
}
_NOT_THANKS = {
    "en": ("in advance|no thanks|no thank you|but|though|however|still|not|n't|unfortunately",),
    "de": ("im voraus|im vorhinein|nein danke|aber|leider|noch|nicht|kein[a-z]*|trotzdem",),
}
_CHASES = {
    "en": (
        "any (?:updates?|news|progress|luck|word)|still waiting|still (?:nothing|no (?:reply|answer|news))",
        "(?:just )?following up|bump|bumping|pinging|(?:friendly|gentle|quick) (?:reminder|ping|nudge)",
        "(?:did|have) you (?:have|had|get|got) (?:a )?(?:chance|time)|had a chance to (?:look|check)",
        "when (?:can|could|will|would|should) (?:i|we) (?:expect|get|have|hear)|when will (?:this|it|you) be",
        "(?:what's|what is) the (?:status|eta)|status update|(?:waiting for|need) an answer",
        "(?:is )?(?:anyone|anybody|someone|somebody) (?:there|able to|looking|on this)",
    ),
    "de": (
        "(?:gibt's|gibt es|gibts) (?:schon |da |hier |dazu |denn )*(?:neues|neuigkeiten|ein update)",
        "(?:schon|irgendwas|was|etwas) neues|wie ist (?:da |hier |denn )?der stand|stand der dinge",
        "warten? (?:immer )?noch|noch keine (?:antwort|rückmeldung)|noch nichts gehört|nachhaken|nachfragen",
        "hake (?:nochmal |noch mal )?nach|(?:kleine|freundliche|kurze) erinnerung|möchte erinnern|schubs",
        "wann (?:kann|können) (?:ich|wir)|wann bekomm(?:e|en)|schon dazu gekommen|ist (?:hier )?jemand da",
    ),
}
_CHASES_ALONE = {
    "en": ("hello|anyone|anybody|ping|eta|status|update|news|asap|reminder",),
    "de": ("hallo|jemand da|jemand|neuigkeiten|rückmeldung|stand|erinnerung|push",),
}
_ONLY_ASKS = re.compile(r"[\s!.…]*\?[\s?!.…]*")
_MENTION_OR_LINK = re.compile(r"<[^>]*>")


def is_chase(text: str, language: str = "en") -> bool:
    """Whether somebody asks for news: question marks alone, or words of the list.

    Args:
        text: What was written.
        language: The team's; English is always understood too.
    """
    said = _plain(text)
    if _ONLY_ASKS.fullmatch(said):
        return True
    bare = said.strip("? ")
    return _says(_CHASES, language, said) or _says(_CHASES_ALONE, language, bare, whole=True)


def is_thanks(text: str, language: str = "en") -> bool:
    """Whether it is a thank-you, or says that all is well now, and nothing else.

    Args:
        text: What was written.
        language: The team's; English is always understood too.
    """
    said = _plain(text)
    if "?" in said or len(said.split()) > LONGEST_THANKS or _says(_NOT_THANKS, language, said):
        return False
    return _says(_THANKS, language, said) or _says(_THANKS_ALONE, language, said, whole=True)


def _plain(text: str) -> str:
    """Lower case; mentions, links and stops dropped, apostrophes and blanks made alike, `n't` a word."""
    shown = _MENTION_OR_LINK.sub(" ", text[:_MOST_TEXT]).replace("’", "'").replace("n't", " n't")
    folded = unicodedata.normalize("NFC", shown).lower()
    return re.sub(r"[\s,.!;]+", " ", folded).strip()


def _says(lists: Mapping[str, tuple[str, ...]], language: str, said: str, *, whole: bool = False) -> bool:
    spoken = dict.fromkeys(("en", language))
    words = "|".join(part for tongue in spoken for part in lists.get(tongue, ()))
    found = re.fullmatch(words, said) if whole else re.search(rf"(?<!\w)(?:{words})(?!\w)", said)
    return found is not None
