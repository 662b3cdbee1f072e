"""Words by which a message in a thread is known as a thank-you, a nod or as asking for news, in six languages.

The text is looked at and forgotten; only the answer, yes or no, goes on. Doubt means no: a message that is
none of them is a plain follow-up, which after ✅ says that the request is not settled. English is understood in
every language's teams. How often the lists are wrong is measured in `docs/words.md`.

Text and lists meet without capitals, accents and stops (`ß` is `ss`), since many people type without them.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "nl": "Dutch",
}
"""The languages there are lists for, by ISO 639-1 code."""

LONGEST_THANKS, LONGEST_NOTE = 12, 8
"""Words; a longer message says something else as well."""

_MOST_TEXT = 2000  # characters looked at: news is asked for in the first lines

_Lists = Mapping[str, tuple[str, ...]]

_THANKS: _Lists = {
    "en": (
        "thanks?|thank you|thx|ty|tysm|much appreciated|appreciate it|you(?:'| a)re (?:the best|a star)",
        "that (?:worked|did it|helped|solved it|fixed it)|(?:it )?works now|all (?:good|set|sorted) now|:pray:|🙏",
        "(?:exactly|just) what (?:i|we) needed",
    ),
    "de": (
        "danke|dankeschon|danke schon|dankesehr|(?:vielen|besten|herzlichen|lieben|tausend) dank|merci",
        "dank (?:dir|euch|ihnen)|hat (?:alles |super |prima )?geklappt|hat geholfen",
        "(?:klappt|passt|funktioniert|lauft|geht) jetzt|jetzt (?:klappt|passt|funktioniert|lauft|geht) (?:es|alles)",
        "genau (?:das|was)",
    ),
    "fr": (
        "merci|mercis|je (?:te|vous) remercie|(?:ca|c'est|cela) (?:marche|fonctionne) (?:maintenant|nickel)",
        "c'est (?:regle|resolu|tout bon|bon pour moi)|exactement ce qu'il (?:me|nous) fallait",
    ),
    "es": (
        "gracias|(?:te|se|os|les) lo agradezco|muy (?:amable|agradecid[oa])s?",
        "ya (?:funciona|esta (?:solucionado|resuelto))",
        "(?:quedo|esta) (?:resuelto|solucionado)|justo lo que necesita(?:ba|bamos)",
    ),
    "pt": (
        "obrigad[oa]s?|grat[oa]s?|agradeco|agradecemos|valeu|brigad[ao]|(?:deu certo|funcionou)",
        "(?:ja|agora) (?:funciona|esta (?:resolvido|tudo certo))|era isso mesmo|exatamente o que (?:eu )?precisava",
    ),
    "nl": (
        "bedankt|dank|dank ?(?:je|u|jullie)(?: ?wel)?|dankjewel|thanks?|(?:het )?werkt nu|het is gelukt|is opgelost",
        "(?:precies|exact) wat (?:ik|we|wij) nodig had(?:den)?",
    ),
}
_THANKS_ALONE: _Lists = {
    "en": ("perfect|awesome|great|brilliant|cheers|solved|fixed|all good|got it|:raised_hands:|🙌",),
    "de": ("perfekt|super|klasse|prima|klappt|passt|geht|erledigt|gelost|alles gut|top",),
    "fr": ("parfait|super|genial|nickel|top|impeccable|resolu|regle|c'est bon|ca marche|ca fonctionne",),
    "es": ("perfecto|genial|excelente|estupendo|listo|resuelto|solucionado|todo (?:bien|en orden)",),
    "pt": ("perfeito|otimo|excelente|fantastico|resolvido|tudo (?:certo|bem)|show|fechado",),
    "nl": ("perfect|top|super|geweldig|prima|opgelost|gelukt|helder|fijn",),
}
_NOT_THANKS: _Lists = {
    "en": (
        "in advance|no thanks|no thank you|but|though|however|still|not|n't|cannot|unfortunately|except|nothing",
        "worse|fail(?:s|ed|ing)?|broken|wrong|missing|another|one more|questions?|also|please|(?:can|could) you",
        "no (?:luck|change)|(?:error|issue|problem)s?(?! (?:is |was |has been )?(?:gone|solved|fixed|resolved))",
        "same (?:here|thing)|yet|never(?! ?mind)|no longer|for nothing|broke|useless|stopped|crash(?:es|ed)?|too soon",
        "empty|nobody|no one|none|only|instead|unable|denied|expired|blank|disappeared|weird|strange|different",
    ),
    "de": (
        "im voraus|im vorhinein|vorab|nein danke|aber|leider|(?<!danke )noch|nicht|nichts|kein[a-z]*|trotzdem|bitte",
        "fehler|fehlermeldung|falsch[a-z]*|kaputt|fehlt|fehlen|schlimmer|weiterhin|gleiche[nrs]?|selbe[nrs]?|nur",
        "dasselbe|allerdings|ausserdem|frage|(?:konnt|kann|konn)[a-z]*|nie|niemand|zu fruh gefreut|leer",
        "(?:neue|andere)s? problem|statt|stattdessen|verschwunden|abgelaufen|komisch|seltsam|doppelt|anders",
    ),
    "fr": (
        "d'avance|par avance|non merci|mais|toujours|(?<!merci )encore|malheureusement|pourtant|ne|n'[a-z]+|pas",
        "erreur|manque|rien|aucune?|pire|sauf|seulement|meme (?:probleme|message|chose|souci)|bug|plante|svp|stp",
        "s'il (?:te|vous) plait|pouvez-vous|pourriez-vous|peux-tu|faux|fausse|question|jamais|casse|personne|vide",
        "(?:autre|nouveau|un) probleme|au lieu|a la place|disparue?s?|expiree?s?|bizarre|etrange|differente?s?",
    ),
    "es": (
        "de antemano|por adelantado|no|pero|sigue[n]?|todavia|aun|lamentablemente|sin embargo",
        "(?:error|fallo)(?! mio)|falla|peor|faltan?|nada|otra vez|mism[oa]s?|ademas|tambien|por favor",
        "pod(?:eis|rias?|riais)|puede[sn]?|salvo|otr[oa]|dudas?|preguntas?|nunca|fallando|mal|roto|nadie|solo|porfa",
        "un problema|vaci[oa]s?|en (?:lugar|vez)|desaparec[a-z]+|caducad[oa]s?|rar[oa]|extran[oa]|diferentes?",
    ),
    "pt": (
        "desde ja|antecipadamente|adiantado|nao|mas|porem|ainda|infelizmente|continua[m]?|erro(?! meu)|falhou|pior",
        "falha(?! minha)|faltam?|nada|mesm[oa] (?:erro|problema|coisa|mensagem)|outra vez|tambem|por favor|podem",
        "pode(?! deixar)|poderiam?|errad[oa]s?|exceto|nenhum[a]?|duvidas?|perguntas?|nunca|mal|pf|ninguem|apenas",
        "(?:outro|um) problema|vazi[oa]s?|em vez|sumiu|desaparec[a-z]+|expirou|expirad[oa]|estranh[oa]|diferente",
    ),
    "nl": (
        "alvast|bij voorbaat|nee|maar|nog|helaas|niet|geen|toch|niets|niks|(?<!mijn )fout|foutmelding|zelfde|mist",
        "ontbreekt|ontbreken|kapot|erger|opnieuw|alsjeblieft|aub|(?:kan|kun) je|kunnen jullie|alleen|behalve|vraag",
        "nooit|(?<!een )stuk|dezelfde|(?:ander|nieuw) probleem|te vroeg|niemand|svp|leeg",
        "storing(?! (?:is )?(?:voorbij|verholpen|opgelost))|in plaats|verdwenen|verlopen|vreemd|raar|dubbel|anders",
    ),
}
_NODS: _Lists = {
    "en": (
        "ok|okay|okey|kk|alright|all right|sure|cool|nice|good|great|perfect|awesome|excellent|fantastic",
        "lovely|wonderful|super|brilliant|amazing|wow|got it|understood|noted|makes sense",
        "(?:sounds|looks) (?:good|great)|lgtm",
        "(?:i'?ll|i will|we'?ll|we will|will) (?:do|check|try|test|have a look|take a look)(?: it| this| that)?"
        "(?: today| tomorrow| later| now)?",
        "i see|fair enough|fine|all (?:good|fine|set|clear)|no (?:worries|problem)|np|you too|same to you",
        "never ?mind|(?:have a )?(?:nice|good|great|lovely) (?:day|weekend|evening|one)|yes|yep|yeah|yup|done",
        "confirmed|received|good to know|my (?:bad|mistake|fault)",
        "closing(?: this| it)?|(?:this |it )?can be closed|:\\)|:-\\)|:d",
        ":(?:\\+1|thumbsup|ok_hand|ok|white_check_mark|heavy_check_mark|tada|raised_hands|clap|heart|smile|smiley|grin):",
        ":(?:slightly_smiling_face|grinning|blush|rocket|100|muscle|saluting_face|star|partying_face|wink|pray):",
        ":skin-tone-[2-6]:|[👍👌✅✔🎉🙌👏❤😊🙂😀😃😄🚀💯💪🫡⭐🥳😉🙏][\ufe0f🏻-🏿]?",
        "(?:that'?s|that is|it'?s|it is|this is|looks|all)"
        " (?:it|great|good|perfect|awesome|fine|right|correct|fixed|solved|done|clear|there(?: now)?)",
        "(?:that )?did the trick|(?:great|nice|good|excellent) (?:stuff|job|work|one)|well done|cheers(?: mate)?",
        "(?:i )?(?:can )?see it now|(?:it'?s |it is )?working(?: now| again)?|fixed|solved",
        "resolved|sorted|much better|love it|you rock|legend|bye|talk soon|(?:i'?ll|will) let you know",
        "that helps|helpful|clear|ta|gotcha|roger(?: that)?|sweet",
        "makes (?:total|perfect) sense|sounds (?:right|fine)",
        "perfect timing|enjoy (?:your|the) (?:day|weekend|evening)|(?:you can|feel free to) close(?: it| this)?",
        "talk (?:later|tomorrow)|[😁😍🔥🤝👋]",
    ),
    "de": (
        "alles klar|klar|passt|gut|sehr gut|prima|top|klasse|perfekt|wunderbar|toll|verstanden|verstehe",
        "in ordnung|geht klar|mach(?:e)? ich|wird gemacht|(?:schau|seh)(?:e)? ich mir an",
        "(?:teste|probiere) ich(?: aus)?",
        "(?:ich )?werde (?:es |ich )?(?:testen|probieren|ausprobieren|machen|prufen)|notiert|gerne?",
        "kein (?:problem|ding)|ebenso|gleichfalls|schonen (?:tag|feierabend|abend)|schones wochenende|jep|jo",
        "jawohl|erledigt|bestatigt|gut zu wissen",
        "(?:das )?ging (?:ja )?schnell|hat sich erledigt|ist gut|(?:das )?war mein fehler|mein fehler",
        "kann (?:zu|geschlossen werden)|(?:das )?(?:wars|war's|war es)|hervorragend",
        "ausgezeichnet|grossartig|spitze|(?:super|tolle|gute) (?:sache|arbeit|service)|(?:gut|super) gemacht",
        "(?:das )?(?:probiere|teste|mache|prufe) ich(?: gleich| spater| morgen| heute)?(?: aus)?",
        "sieht (?:gut|super|richtig) aus|(?:das |es )?ist (?:super|gut|perfekt|klar|da)|bis (?:dann|bald|morgen)",
        "gelost|behoben|ich seh(?:e)? es(?: jetzt)?|alles (?:gut|super|bestens|prima)|bestens",
        "wahnsinn|sauber|fertig|(?:ist )?vermerkt|weiss bescheid|leuchtet ein",
        "machen wir|(?:teste|probiere|schaue|sehe) (?:es|das|ich mir|mir das)(?: mal)?(?: an| aus)?|perfektes timing",
    ),
    "fr": (
        "d'accord|dac|parfait|genial|nickel|top|impec(?:cable)?|tres bien|bien|bien (?:recu|note)|c'est note|note",
        "compris|entendu|ca (?:marche|roule|fonctionne)|c'est (?:bon|parfait|fait|clair)",
        "tout (?:est )?(?:bon|ok|fonctionne)",
        "je (?:vais )?(?:teste|essaie|regarde|verifie|fai)[sr]?(?: ca| cela)?|je vois|pas de (?:souci|probleme)s?",
        "oui|recu|aucun souci|bonne (?:journee|soiree)|bon (?:week-end|weekend)|(?:a )?(?:vous|toi) aussi|de meme",
        "bravo|(?:au temps|autant) pour moi|mon erreur|c'est ma faute|bonne nouvelle",
        "on peut (?:fermer|cloturer)|c'est (?:exactement ca|ca|tout bon|regle|resolu|super|top|gentil)",
        "c'etait (?:exactement )?ca|exactement(?: ca)?|(?:super|bon|beau|excellent) (?:boulot|travail|job)",
        "j'essaie(?:rai)?(?: ca)?|je (?:te|vous) tiens au courant",
        "a (?:bientot|demain|plus)|je le vois(?: maintenant)?|resolu|regle|formidable|magnifique|beaucoup mieux",
        "bien joue|chapeau|quelle (?:rapidite|efficacite)|efficace|excellent|daccord|bon a savoir",
        "(?:je|on) (?:transmets|teste|regarde|verifie)|(?:on peut|vous pouvez) (?:clore|fermer|cloturer)",
        "ca tombe bien|je comprends(?: mieux)?",
    ),
    "es": (
        "vale|de acuerdo|perfecto|genial|estupendo|excelente|buenisimo|muy bien|bien|bueno|entendido|comprendido",
        "recibido|anotado|listo|claro|dale|todo (?:bien|en orden|claro|ok)|hecho|ya veo",
        "lo (?:pruebo|reviso|miro|compruebo|hago)|lo voy a (?:probar|revisar|mirar)|no hay problema|sin problema",
        "tranquil[oa]s?|igualmente|que (?:rapido|bien)|(?:buen|feliz) (?:dia|finde|fin de semana|tarde)",
        "(?:error|fallo) mio|culpa mia|me sirve|queda claro|confirmado",
        "(?:se )?puede(?:s|n)? cerrar(?:lo|se)?|(?:era|es) (?:justo |exactamente )?eso|justo eso|exacto",
        "(?:muy )?buen trabajo|gran trabajo|(?:ya )?lo veo(?: ahora)?|ya (?:va|esta)",
        "resuelto|solucionado|arreglado|fantastico|de maravilla|muy amables?|hasta (?:luego|manana|pronto)",
        "(?:os|te|les) aviso|mucho mejor|cracks?|tomo nota|super|me queda claro|enterad[oa]|bueno saberlo",
        "lo verifico|(?:ahora )?lo entiendo|que oportuno",
    ),
    "pt": (
        "certo|ta bom|tudo (?:bem|certo|ok)|beleza|blz|perfeito|otimo|excelente|maravilha|show(?: de bola)?",
        "legal|bom|muito bom|entendi|entendido|compreendido|combinado|recebido|anotado|fechado|feito|claro",
        "pode deixar|boa|vou (?:testar|verificar|ver|olhar|tentar|fazer)(?: isso)?|sem problemas?|imagina",
        "igualmente|que (?:rapido|bom)|bom (?:dia|fim de semana|trabalho)|boa (?:tarde|noite|semana)|erro meu",
        "falha minha|foi mal|fixe|confirmado|era isso|bacana|pode(?:m)? fechar",
        "era (?:exatamente |mesmo )?(?:isso|isto)|exatamente(?: isso)?|(?:otimo|bom|excelente) trabalho",
        "ja (?:vejo|vi|esta)|resolvido|fantastico|muito (?:melhor|rapido)",
        "ate (?:logo|amanha|ja)|top|(?:ficou|esta) (?:otimo|bom|perfeito)|foi rapido|percebi(?:do)?",
        "joia|bem|muito bem|bom saber|bom descanso|veio a calhar|vamos (?:testar|verificar|ver|tentar)",
        "(?:vou|vamos) (?:experimentar|conferir)",
    ),
    "nl": (
        "oke|okee|prima|top|perfect|mooi|fijn|goed|heel goed|helder|duidelijk|begrepen|snap (?:ik|het)|genoteerd",
        "ontvangen|akkoord|is goed|komt goed|doe ik|ga ik (?:doen|proberen|testen|bekijken)|geweldig",
        "uitstekend|gezien|ik (?:ga|zal) het (?:proberen|testen|bekijken)|geen (?:probleem|dank)|insgelijks",
        "(?:jij|u|jullie) ook|(?:een )?fijne? (?:dag|avond|weekend)|jep|jazeker|gelukt|gedaan",
        "klopt|bevestigd|goed om te weten|dat was snel|mijn fout|foutje|lekker|mag (?:dicht|gesloten worden)",
        "dat was het|precies(?: dat)?|(?:goed|super|mooi|netjes) (?:gedaan|werk)",
        "ga ik (?:straks|zo|morgen|later)(?: doen| proberen| testen| bekijken)?",
        "(?:ik )?zie het(?: nu)?|opgelost|toppie|fantastisch|tot (?:straks|morgen|ziens)|(?:ik )?laat het weten",
        "ziet er goed uit|in orde|veel beter|wauw|netjes|keurig|doen we|klaar",
        "(?:ik|we) (?:test|testen|probeer|proberen|bekijk|bekijken) het(?: even)?|(?:dat )?snap ik|precies op tijd",
        "prettige? (?:dag|avond|weekend)",
    ),
}
_WITH_NODS: _Lists = {
    "en": (
        "(?:do|check|try|test|(?:have|take) a look)(?: it| this| that)?(?: today| tomorrow| later| now)?|ah|oh|then",
        "all|team|everyone|guys|folks|very|so|really|just|now|much|(?:that |it )?work(?:s|ed)|sorry",
        "(?:that was )?(?:quick|fast)|right|exactly(?: that)?|see you|k",
    ),
    "de": (
        "zusammen|dann|noch|einen|auch|dir|euch|ein|jetzt|sehr|schon|so schnell|melde mich|ach ?so|genau|lieb von|ja",
        "(?:es )?(?:funktioniert|klappt|lauft|geht)(?: jetzt| wieder| nun)?",
    ),
    "fr": ("maintenant|c'est|tres|alors|donc|plus tard|demain|tout de suite|vu|desolee?|rapide|(?:ca )?fonctionne",),
    "es": ("ya|ahora|muy|entonces|pues|luego|manana|mas tarde|rapido|si|funciona|perdon",),
    "pt": ("ta|agora|ja|entao|depois|amanha|mais tarde|pessoal|equip[ae]|sim|funciona|desculpem?|desculpa",),
    "nl": ("en|hoor|dan|nu|straks|morgen|later|heel|snel|iedereen|allemaal|ja|werkt(?: weer)?",),
}
"""What may stand with a nod, and makes none that more may follow ("it works" may go on "… only at home")."""

_CHASES: _Lists = {
    "en": (
        "any (?:updates?|news|progress|luck|word)|still (?:nothing|no (?:reply|answer|news))",
        "still waiting(?! (?:on|for) (?:my|our|him|her|them|(?:the )?(?:customer|client|vendor|supplier)))",
        "(?:just )?following up|bump|bumping|pinging|(?:friendly|gentle|quick) (?:reminder|ping|nudge)",
        "(?:did|have|has) (?:you|any(?:one|body)|some(?:one|body)) (?:have|had|get|got|been able)(?: a| to)?"
        " ?(?:chance|time|look|check)",
        "had a chance to (?:look|check)",
        "when (?:can|could|will|would|should) (?:i|we) (?:expect|get|have|hear)|when will (?:this|it|you) be",
        "(?:what's|what is) the (?:status|eta)|status update|(?:waiting for|need) an answer",
        "where are we (?:with|on)|where (?:does|do) (?:this|we) stand|(?:sorry to|hate to) (?:nag|chase|push|bug)",
        "(?:is )?(?:anyone|anybody|someone|somebody) (?:there|able to|looking|on this)",
    ),
    "de": (
        "(?:gibt's|gibt es|gibts) (?:schon |da |hier |dazu |denn |was |etwas )*(?:neues|neuigkeiten|ein update)",
        "(?:schon|irgendwas|was|etwas) neues|wie ist (?:da |hier |denn )*der (?:aktuelle )?stand|stand der dinge",
        "wart(?:e|en)? (?:immer )?noch auf (?:eine |die |deine |eure |ihre )?(?:antwort|r(?:u|ue)ckmeldung|hilfe)",
        "warte immer noch|noch keine (?:antwort|r(?:u|ue)ckmeldung)|noch nichts gehort|nachhaken",
        "(?:wollte|mochte|muss) (?:mal |nochmal |noch mal |kurz )*nachfragen|frage (?:mal |nochmal )?nach",
        "hake (?:nochmal |noch mal )?nach|(?:kleine|freundliche|kurze) erinnerung|mochte erinnern|schubs",
        "wann (?:kann|konnen|konnten|darf) (?:ich|wir)|wann bekomm(?:e|en)|schon dazu gekommen",
        "ist (?:hier |da )?jemand(?: da)?|schon jemand an(?:sehen|schauen|geschaut|gesehen)",
    ),
    "fr": (
        "(?:des|une|quelques|du) (?:nouvelles|nouveau)(?= ?(?:\\?|$|sur|concernant|a ce))|petite? relance|relancer",
        "je relance|(?:toujours|encore) (?:pas de|aucune) (?:reponse|nouvelles?|retour)|toujours rien",
        "quelqu'un (?:a pu|peut(?:-il)?|aurait pu) (?:y )?(?:regarder|jeter|voir|avancer)|petit rappel|un rappel",
        "ou en (?:est|sommes|etes)|en (?:est|sommes) ou|(?:j'attends|nous attendons|on attend) toujours",
        "(?:avez-vous|as-tu|vous avez|tu as) (?:pu|eu le temps)",
        "quand (?:pourrai|pourrons|aurai|aurons|puis-je esperer)",
        "(?:il y a|y a-t-il) quelqu'un|un point sur (?:ma|cette|la) demande|remonte (?:ce|le) (?:sujet|message|fil)",
    ),
    "es": (
        "(?:alguna?|hay|tienen|tienes) (?:novedad(?:es)?|noticias?|actualizacion|avances?|alguna novedad)",
        "(?:han|has|habeis) (?:podido|tenido (?:tiempo|oportunidad))|(?:alguien )?(?:ha|pudo|pudieron) podido mirar",
        "sig(?:o|o aun|uimos) (?:a la espera|esperando|sin (?:respuesta|noticias|saber))|como va (?:esto|eso|mi|el|la)",
        "(?:un )?recordatorio|(?:para )?cuando (?:lo |la )?(?:tendria(?:mos)?|tendre(?:mos)?|estar[ai]a?|podria)",
        "(?:hay|esta) alguien(?: ahi)?|alguien (?:lo )?(?:pudo|ha podido)|en que (?:estado|punto) (?:esta|va)",
        "retomo (?:este|el) (?:tema|hilo)|dando seguimiento|todavia (?:nada|sin respuesta)|aun sin respuesta",
    ),
    "pt": (
        "algum(?:a)? (?:novidade|noticia|atualizacao|previsao|retorno|resposta|progresso|avanco)|ha novidades",
        "(?:conseguiram|conseguiu|puderam|tiveram tempo|teve tempo|conseguiste)"
        "(?: de)? (?:ver|olhar|verificar|analisar)",
        "(?:aguardando|aguardo|a espera de|esperando) (?:ainda )?(?:um|uma|o|a|por)? ?(?:retorno|resposta|feedback)",
        "como (?:esta|vai|anda) (?:o andamento|isto|isso|o meu|a minha|meu|minha)|(?:so )?um lembrete|lembrete",
        "tem alguem ai|alguem (?:ai|pode ver|conseguiu)|ainda (?:nada|sem (?:resposta|retorno|noticias))",
        "(?:para )?quando (?:teremos|posso esperar|podemos esperar|fica pronto)",
        "qual (?:e )?o (?:status|ponto de situacao)",
        "ponto de situacao|retomando (?:este|esse|o) (?:assunto|topico)",
    ),
    "nl": (
        "(?:is|zijn) er (?:al |inmiddels )*(?:nieuws|iets nieuws|een update|updates|meer bekend|voortgang)|al nieuws",
        "(?:heeft|kon|heb|hebben) (?:iemand|je|jullie|u) (?:hier )?(?:al )?(?:hier )?"
        "(?:naar (?:kunnen )?kijken|tijd gehad|gekeken|iets (?:van )?gehoord|naar gekeken)",
        "wacht(?:en)? nog (?:steeds|altijd)? ?op (?:een |jullie |je )?(?:antwoord|reactie|terugkoppeling)",
        "stand van zaken|(?:een |kleine |vriendelijke )+herinnering|herinnering(?:tje)?",
        "hoe staat het|hoe ver (?:is|zijn)",
        "wanneer (?:kan|kunnen|krijg|krijgen|mag) (?:ik|we|wij)",
        "nog (?:geen|niets) (?:reactie|antwoord|gehoord|vernomen)",
        "is (?:er )?(?:hier )?iemand(?: die)?|kom(?:t)? hier (?:even )?op terug|even (?:een )?(?:check|reminder|por)",
    ),
}
_CHASES_ALONE: _Lists = {
    "en": ("hello|anyone|anybody|ping|eta|status|update|news|asap|reminder",),
    "de": ("hallo|jemand da|jemand|neuigkeiten|r(?:u|ue)ckmeldung|stand|erinnerung|push|hallo\\?? ist da jemand",),
    "fr": ("(?:bonjour )?quelqu'un|des nouvelles|du nouveau|une reponse|un retour|rappel|relance|allo|up",),
    "es": ("(?:hola )?alguien|novedades|noticias|alguna respuesta|recordatorio|hola",),
    "pt": ("(?:ola )?alguem|novidades|noticias|alguma resposta|lembrete|ola|alo",),
    "nl": ("(?:hallo )?iemand|nieuws|al iets bekend|herinnering|hallo|een update",),
}
_LISTS: Mapping[str, _Lists] = {
    "thanks": _THANKS,
    "thanks_alone": _THANKS_ALONE,
    "not_thanks": _NOT_THANKS,
    "nods": _NODS,
    "with_nods": _WITH_NODS,
    "chases": _CHASES,
    "chases_alone": _CHASES_ALONE,
}
_ONLY_ASKS = re.compile(r"[\s!.…¿¡]*\?[\s?!.…¿¡]*")
_WORD = re.compile(r"\w+")
_MENTION_OR_LINK = re.compile(r"<[^>]*>")


def is_chase(text: str, language: str = "en") -> bool:
    """Whether somebody asks for news: question marks alone, or words of the list.

    Args:
        text: What was written.
        language: The team's, of `LANGUAGES`; English is always understood too.
    """
    said = _plain(text)
    if _ONLY_ASKS.fullmatch(said):
        return True
    bare = said.strip("? ")
    return _says("chases", language, said) or _is("chases_alone", language, bare)


def is_thanks(text: str, language: str = "en") -> bool:
    """Whether it is a thank-you, or says that all is well now, and nothing else.

    Args:
        text: What was written.
        language: The team's, of `LANGUAGES`; English is always understood too.
    """
    said = _plain(text)
    if "?" in said or len(said.split()) > LONGEST_THANKS or _says("not_thanks", language, said):
        return False
    return _says("thanks", language, said) or _is("thanks_alone", language, said)


def is_nod(text: str, language: str = "en") -> bool:
    """Whether it says "ok, great", or begins so and goes on for a few words of which none denies.

    It settles nothing, as it answers "we look into it" as well; but after ✅ it asks for nothing either.

    Args:
        text: What was written.
        language: The team's, of `LANGUAGES`; English is always understood too.
    """
    said = _plain(text)
    words = len(_WORD.findall(said))  # also of "ok-ok-ok", as trying each in every way takes twice as long a word
    if words <= LONGEST_THANKS and _nods(language).fullmatch(said):
        return True
    if "?" in said or words > LONGEST_NOTE:
        return False
    noted = _noted(language).match(said)
    return noted is not None and not _says("not_thanks", language, said[noted.end() :])


def _plain(text: str) -> str:
    """Small letters without accents; mentions, links and stops dropped, apostrophes alike, `n't` a word."""
    shown = _MENTION_OR_LINK.sub(" ", text[:_MOST_TEXT]).replace("’", "'").replace("n't", " n't")
    apart = unicodedata.normalize("NFKD", shown.casefold())
    folded = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.sub(r"[\s,.!;¿¡]+", " ", folded).strip()


@cache
def _pattern(name: str, language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_words(name, language)})(?!\w)")


@cache
def _nods(language: str) -> re.Pattern[str]:
    both = f"{_words('nods', language)}|{_words('with_nods', language)}"
    return re.compile(rf"(?:(?:{both})(?!\w)[\s…-]*)+")


@cache
def _noted(language: str) -> re.Pattern[str]:
    nod, beside = _words("nods", language), _words("with_nods", language)
    return re.compile(rf"(?:(?:{beside}) ){{0,3}}(?:{nod})(?!\w)")


def _words(name: str, language: str) -> str:
    spoken = dict.fromkeys(("en", language))
    return "|".join(part for tongue in spoken for part in _LISTS[name].get(tongue, ()))


def _says(name: str, language: str, said: str) -> bool:
    return _pattern(name, language).search(said) is not None


def _is(name: str, language: str, said: str) -> bool:
    return _pattern(name, language).fullmatch(said) is not None
