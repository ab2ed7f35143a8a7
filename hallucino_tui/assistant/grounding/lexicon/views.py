"""Verbs, and words and turns by which a claim looks at lines and tells of nothing that they have to tell. Data only."""

from __future__ import annotations

from typing import Final

# Verbs of the past and participles that do not end in `ed`.
PAST: Final = """
became began bent bought bound broke brought built burnt burst came cast caught chose cut dealt drew drove fell fed felt
fought found fled flew forbade forgot froze gave got grew had held hid hit hung kept knew laid led left lent let lit
lost made meant met paid put quit ran rang read rid rode rose said sank saw sent set shook shot shrank shut slept slid
sold sought spent spoke spread spun stood stole struck stuck swept swung taught took tore told thought threw understood
went woke won wore wound wrote withdrew
"""
PARTICIPLES: Final = """
beaten become begun bent bound broken brought built burst caught chosen cut dealt done drawn driven fallen fed felt
forbidden forgotten frozen found given gone got gotten grown had heard held hidden hit hung kept known laid led left
lent let lit lost made meant met paid put quit read rid ridden risen run said sent set shaken shot shown shrunk shut
sold sought spent spoken spread spun stolen struck stuck swept taken taught thrown told thought torn understood won worn
wound written withdrawn
"""

# Verbs of being, standing, having, finding, telling, counting and the like: no events of their own.
VIEWS: Final = """
affected aimed asked began belonged bound brought called came carried caught compared complained concluded
considered contained corresponded counted covered dated deemed depended described differed elapsed encountered
ended endured equalled exhibited existed experienced expressed faced fell felt flagged found got granted grew had
headed heard held hinted hit identified implied indicated intended kept knew lacked laid lasted led left let lived lists
located looked made marked masked matched meant measured mentioned met named needed noticed numbered observed occupied
passed pointed preceded predated put ran ranged ranked reached read recognised referred reflected registered related
remained represented required returned rose said sat saw seen set shared showed spanned spent spread stated stood
struck suffered summed supposed suspected targeted tended thought told took totalled treated turned underwent
understood used varied viewed went wished witnessed worked
bring bear carry catch come dealt deal draw face feel find follow get give grow hold keep know lead leave lie meet
landed accomplished achieved conducted performed undertaken mean put reach run see sees sit spend stand take think turn
"""

# Words that say nothing, beside those of `lexicon.py`: of gaps, patterns and signs in lines, and of effects on others.
PLAIN: Final = """
affect affected affects affecting unaffected impact impacted impacts gap gaps burst pattern patterns sequence series
episode episodes interval intervals symptom symptoms indication indications hint hints hinting evidence
evidenced lie lies lay widest wide narrow narrowest dense denser visible visibly noticeable noticeably notable notably
overview summary majority remainder context scenario situation victim victims conclusion unrelated correspond
corresponding corresponds coincide coincides coincided coinciding pertain pertains predate predates predated precede
precedes preceding preceded busiest briefly whatsoever thereof merely stretch
"""

# What was not: `rejected rather than accepted`, `by A instead of by B`.
_NOT_SO = (
    r"\b(?:rather than|instead of|as opposed to)"
    r"(?: (?:by|from|to|in|on|at|of|with|for|the|an?|being))* [\w.\-]*\w"
)

# `fall between 9 and 10` is no fall, `a full block` is not full up, `collateral damage` is no damage of its own.
SILENT: Final = (
    _NOT_SO + r"|(?:\ban?|%|\bpercent)\s*full\b"
    r"|\b(?:falls?|fell|falling|fallen) (?:all |both |mostly )?(?:between|within|into|under|on)\b"
    r"|\bcollateral (?:damage|victims?)\b"
    r"|\b(?:starting|beginning|ending) (?=(?:at|on|from|with|in) (?:[\d\s]|the))"
    r"|\bwithout (?:any |further |much )?(?:complaints?|incident|trouble|difficulty|a hitch|ado|fuss)\b"
    r"|\bresolv(?:es?|ed|ing) (?:back )?to\b"
    # Advice, idioms, and heaps of something.
    r"|\b(?:can|may|could|should) (?:\w+ly )?be (?:ignored|disregarded|neglected|left aside)\b"
    r"|\b(?:in other words|word for word|so to speak|on the whole|at first (?:sight|glance)|to be exact|one by one|"
    r"by (?:itself|themselves)|at (?:least|most|best|worst)|in the space of|in the course of)\b"
    r"|\ban? (?:\w+ )?(?:string|series|handful|number|flurry|wave|stream|couple|range|chain|run|burst|spate|batch|"
    r"bunch|row|variety|mix|lot|host|succession|trickle) (?=of\b)"
    r"|(?<=[a-z\d] )(?<!while )(?<!when )(?<!after )(?<!was )(?<!were )readings?\b"
    r"(?= (?:is|are|was|were|of|at|shows?|stands?|stood)\b)"
)
