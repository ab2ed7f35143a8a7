"""What of a sentence claims something about lines: no question does, no advice, no opinion, no word to the reader."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.assistant.grounding.lexicon.verbs import NOUNS, VERBS
from hallucino_tui.assistant.grounding.lexicon.words import spelled_out
from hallucino_tui.assistant.grounding.reading.absence import absent_in
from hallucino_tui.assistant.grounding.reading.sentences import without_citations

_CODE: Final = re.compile(r"`[^`\n]*`")
_LEADS: Final = (
    r"(?:\W|\d+[.)]\s|(?:first(?: of all)?|then|next|finally|lastly|also|please|immediately|now|second|secondly|third|"
    r"otherwise|alternatively|optionally|ideally|meanwhile|instead|just|simply|always|never|do not|at least|either|"
    r"(?:in )?the next step|as (?:a|the) [\w\- ]{3,24}|in (?:the )?(?:short|long|longer|medium) (?:term|run)|"
    r"in parallel|for now|as well),?\s)*"
)
_IMPERATIVE: Final = re.compile(rf"^{_LEADS}(?:\*\*[^*]+:?\*\*:?\s*)?(?:{VERBS})\b(?!['\u2019\-/])", re.IGNORECASE)
# `If the host is back, restart the job.`: what is to be done stands behind the comma.
_CONDITION: Final = re.compile(
    r"^\W*(?:if|unless|should|once|when|whenever|until|before|after|to|in order to|for|depending on|as long as|"
    r"as soon as|on|with)\b[^.;]{2,160}?(?:, | then )",
    re.IGNORECASE,
)
# No sentence that tells of something begins with one of these, whatever follows.
_ONLY_ASKS: Final = re.compile(
    r"\b(?:ensure|make sure|verify|confirm|double-check|investigate|determine|identify|consider|recheck)$",
    re.IGNORECASE,
)
_NOUN: Final = re.compile(rf"\b(?:{NOUNS})$", re.IGNORECASE)
_OBJECT: Final = re.compile(
    r"\s+(?:the|a|an|that|whether|if|all|any|each|every|its|their|how|why|what|which|when|where|"
    r"your|from (?:each|every|the|all)|access|more|both|into|this|"
    r"these|those|for|it|them|also|only|once|again|sure)\b|\s+(?=[`*\"])",
    re.IGNORECASE,
)
_ADVICE: Final = re.compile(
    r"\b(?:should (?:be )?(?:check|verif|look|inspect|review|investigat|restart|increas|rais|roll|confirm|fix|chang|"
    r"consider|examin|correct|monitor)\w*|(?:i|we) (?:(?:would|'d|\u2019d) )?(?:recommend|suggest|advise)|"
    r"it(?: is|['\u2019]s) (?:recommended|advisable|worth(?! (?:noting|mentioning|pointing|adding|saying)))|"
    r"next steps?\b|worth (?:checking|a look|looking)|recommended (?:action|step)s?|you (?:can|could|may|might|"
    r"should))\b",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"(?:[,;]| [\u2013\u2014-]) (?:which|so|and|but|that|it|this)\b[^,;]*$", re.IGNORECASE)
# `should be enlarged` and `no action is needed` advise as well, where no line is cited that might say so.
_MILD_ADVICE: Final = re.compile(
    r"\b(?:should|must|ought to|needs? to|have to|has to) (?:then |also |probably |first )?be \w+(?:ed|en|n|t)\b"
    r"|\b(?:worth|recommend|suggest|advise)\s\w+ing\b|\b(?:would|will) (?:help|be (?:good|useful|helpful|wise|prudent|"
    r"best|better|worth\w*|needed|necessary|required|possible|advisable))\b"
    r"|\b(?:a|the) (?:\w+ ){0,2}(?:next step|fix|remedy|mitigation|precaution|workaround) (?:would|could|might|is to)\b"
    r"|\bno (?:\w+ )?(?:action|step|intervention|change|follow-?up)s? (?:\w+ )?(?:is|are|seems?) (?:needed|required|"
    r"necessary)\b|\bit(?: (?:would|may|might|could) be| is|['\u2019]s) (?:a good idea|good|best|better|useful|"
    r"helpful|wise|prudent|advisable|important|necessary|recommended) (?:practice )?to (?!note|mention|say|add|point)"
    r"|^\W*better ",
    re.IGNORECASE,
)
_TALK: Final = re.compile(
    r"^\W*(?:here is|here are|here's|here\u2019s|below (?:is|are|you)|in (?:summary|short)\W*$|the following|"
    r"this (?:summary|answer|analysis|report|overview) (?:is|was|covers?|summari[sz]es|describes?|lists?|uses?)\b|"
    r"based on the (?:lines|logs)[^.]{0,20}:?$|let me|let's|let us|as an ai|note that the lines|what follows|"
    r"in what follows|as follows|(?:i )?hope (?:this|that)|happy to|feel free|glad to|thanks?\b|thank you|"
    r"(?:good|great) question|see (?:above|below)|(?:to (?:be )?(?:clear|sum up|summari[sz]e|recap)|"
    r"in (?:short|summary)|overall)\W*$)",
    re.IGNORECASE,
)
_GREETING: Final = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|absolutely|ok|okay|great|thanks|thank you|yes|no|hello|hi|understood|got it|"
    r"all ?right|right|definitely|done|good|gladly|with pleasure|no problem|sounds good)\b\W*){1,3}$",
    re.IGNORECASE,
)
# How the answer, or the log as a text, is laid out.
_LAYOUT: Final = re.compile(
    r"\b(?:can|could|may|might|will|are|is|were|was) (?:best |roughly |broadly |therefore )?(?:be )?(?:divided|split|"
    r"grouped|broken (?:down|up)|summari[sz]ed|structured|separated|classified|sorted|read as|listed|organi[sz]ed|"
    r"described) (?:\w+ )?(?:below|above|here|into|in (?:the|two|three|four|five|several|\d+)\b|as follows|next|"
    r"separately|by)\b"
    r"|\b(?:falls?|breaks? down|divides?|splits?) (?:\w+ )?into (?:\w+ ){1,2}(?:phases?|parts?|groups?|categor\w+|"
    r"kinds?|stages?|periods?|sections?|clusters?|steps)\b"
    r"|\b(?:things?|points?|patterns?|aspects?|observations?|details?|items?|findings?) (?:that )?(?:stands? out|"
    r"(?:is|are) (?:worth|of note|notable|noteworthy|interesting))"
    r"|^\W*(?:the )?(?:table|list|timeline|sections?|breakdown|summary|bullets?|commands?) (?:below|above|that "
    r"follows?) ",
    re.IGNORECASE,
)
# What is so in general, what somebody takes for likely, and what would be one way to read it.
_OPINION: Final = re.compile(
    r"^\W*(?:(?:(?:my|our|the) )?(?:\w+ )?(?:guess|hypothesis|theory|hunch|bet|working (?:assumption|theory)) "
    r"(?:here )?(?:is|would be)\b|(?:probably|likely|perhaps|maybe|possibly|apparently|presumably)"
    r"(?: (?:not|so|yes|no))?\W*$|(?:a|one|another) (?:common|usual|typical|frequent) (?:explanation|cause|reason)\b)"
    r"|\b(?:to me|in my (?:view|opinion|experience|reading))\W*$|\bwould be one (?:way|explanation|reading)\b"
    r"|\b(?:tends? to|typically|usually|generally|in general|as a rule|more often than not)\b(?=[^.]*\W*$)(?!.*\d)",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"^\W*(?:overall )?(?:category|severity|confidence|classification|priority|verdict|impact level|"
    r"level|class|type|status|title)"
    r"\W{0,4}[:=]\W*(?:[\w\-]+\W*){0,6}$",
    re.IGNORECASE,
)
# `Likely low.`: what is taken for likely, and nothing told of anything.
_SHORT_GUESS: Final = re.compile(
    r"^\W*(?i:(?:most |very |quite |rather )?(?:probably|(?:un)?likely|perhaps|maybe|possibly|presumably))"
    r"(?! (?:due|because|caused|from|by)\b)(?:,? (?:[a-z'\u2019-]+|I)){0,5}\W*$"
)
# `The parser says:` only introduces what it says, in a block of its own.
_INTRODUCES: Final = re.compile(
    r"^\W*(?:[\w'\u2019-]+ ){1,7}(?:say|read|show|report|log|look|print|contain|state|put|follow|go|run|complain|list|"
    r"give|display|output|return|write|note|record|emit)(?:s|es|ed|ing)?(?: (?:this|the following|as follows|it|"
    r"like (?:this|so)|that|so))?:\W*$|^\W*(?:[\w'\u2019-]+ ){1,7}said:\W*$",
    re.IGNORECASE,
)
# Of which time or by whom an answer is, `**Time of this update:** 22:13 UTC`.
_DATELINE: Final = re.compile(
    r"^\W*(?:(?:(?:date|time|day)(?: and time)?(?: of (?:this |the )?(?:\w+ )?(?:update|report|writing|message|"
    r"analysis|summary|note|post|publication|issue))?|(?:last )?updated?(?: at| on)?|issued|as of|posted|written)"
    r"\W{0,3}:(?=\D*\d)|(?:prepared (?:by|for)|author|audience|subject|reported by)\W{0,3}:)\W*"
    r"(?:[\w:.,+/()-]+ ?){1,7}\W*$",
    re.IGNORECASE,
)
# `Whether both are related.` asks, unless it goes on that this is unknown.
_INDIRECT: Final = re.compile(r"^\W*(?:whether|why|how|who|whose|which)\b", re.IGNORECASE)
_SURE: Final = re.compile(
    r"^\W*(?:(?:my|the|our|overall|general|this|a|with|of) )*(?:level of )?(?:confidence|certainty)\b"
    r"(?:(?: \([^)]*\)| level| score| rating| in (?:this|the|my)(?: \w+){1,3}| here| overall)*\W{0,4}[:=\u2013\u2014]|"
    r"(?: \w+){0,6}? (?:is|remains|stays|would be)\b)",
    re.IGNORECASE,
)
_SURE_FOR: Final = re.compile(r"\b(?:confidence|certainty)\W{1,4}\s*\w+\W+(?:because|since|as)\b", re.IGNORECASE)
_FIRST_PERSON: Final = re.compile(
    r"^\W*(?:(?i:so|but|still|however|overall|in short|in summary|personally|for now|on balance|therefore|thus|"
    r"that said),? )?(?:I|[Ww]e)(?:\b|['\u2019])(?! (?:(?:also|still|just|really|even) )?"
    r"(?:(?:(?:can|could|do|did)(?: ?not|n['\u2019]?t|['\u2019]t)) )?(?:(?:also|yet|really|even) )?"
    r"(?:see|find|found|saw|count|counted|tell|say|know|determine|conclude)\b)",
)
# `Since both went at once, I'd lean towards the network.`
_LEANS: Final = re.compile(
    r"^\W*(?i:since|because|as|given(?: that)?|if|while|although|though|with|from|based on|considering)\b"
    r"[^.;:]{3,160}?, I(?:['\u2019](?:d|m)| would| am|(?= (?:suspect|think|believe|guess|assume|bet)\b))",
)
_DOUBTS: Final = re.compile(
    r"\b(?:can(?:not| not|['\u2019]t)|would not|wouldn['\u2019]t) (?:rule|exclude)\b", re.IGNORECASE
)
_THAT: Final = re.compile(r"\bthat\b\s+|\b(?:think|believe|assume|suspect|conclude|guess|infer|say)\s+(?!so\b|of\b)")
_HIDDEN: Final = re.compile(
    r"(?:\b(?:because|since|as (?:it|they|the)|which|given that|where|who)\b|\s[\u2014\u2013-]\s|;|:(?=\s))",
    re.IGNORECASE,
)
_FACT: Final = re.compile(
    r"\b(?:is|are|was|were|has|had|have|did|does|cannot|could|shows?|\w{3,}ed|ran|lost|went|came|took|got|"
    r"sent|held|began|"
    r"rose|fell|grew|left|kept|broke|saw|gave|wrote|shut|hit|made|found|met|hung|threw|drew|led|says?|takes?|fails?|"
    r"returns?|contains?|needs?)\b",
    re.IGNORECASE,
)
# In a list of what to do, only such a sentence tells of what was.
_TELLS: Final = re.compile(
    r"^\W*(?:the|an?|this|that|these|those|it|they|there|its|their|all|both|each|every|no|one|two|three|four|five|"
    r"some|many|most|\d+)\s",
    re.IGNORECASE,
)
# Behind these a claim begins.
_NOTE: Final = re.compile(
    r"^\W*(?:(?:please|also) )?(?:note|notice|observe|remember|mind|(?:keep|bear) in mind),? that\b", re.IGNORECASE
)
_COLON: Final = re.compile(r":\s+(?=\w+ \w+ \w+)")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


def tells(text: str) -> bool:
    """Say whether a text has a verb of telling, as a sentence has and a title has not."""
    return _FACT.search(_CODE.sub(_blank, without_citations(text))) is not None


def introduces(sentence: str) -> bool:
    """Say whether a sentence only has it that something is said: `The parser reports:`."""
    return _INTRODUCES.match(sentence) is not None


def claimed_part(sentence: str, *, in_next_section: bool, is_cited: bool) -> int:
    """Return from where on a sentence claims something about lines; -1 if nowhere.

    Args:
        sentence: The sentence.
        in_next_section: It stands under a heading like "What to look at next".
        is_cited: It has citations of its own.
    """
    whole = without_citations(sentence)
    bare = whole.strip().strip("*_-\u2022 ")
    if not _LETTERS.search(bare):
        return 0 if is_cited else -1
    if _is_talk(bare, is_cited=is_cited) or (not is_cited and _LEANS.match(bare)):
        return -1
    if own := _FIRST_PERSON.match(whole) or (is_cited and _NOTE.match(whole)):
        return _own_part(whole, own, is_cited=is_cited)
    if _asks(bare, is_cited=is_cited and not in_next_section):
        return _hidden_part(sentence, is_cited=is_cited)
    if in_next_section and not is_cited and not (tells(bare) and _TELLS.match(bare)):
        return _hidden_part(sentence, is_cited=False)
    return 0


def _own_part(whole: str, own: re.Match[str], *, is_cited: bool) -> int:
    """Return from where on a sentence in the first person, or a `note that`, claims something; -1 if nowhere."""
    if own.re is _NOTE:
        return own.end()
    said = None if _DOUBTS.search(whole) else _THAT.search(whole, own.end())
    if said is None and is_cited:
        # `I take A for the trigger: the first error names B [L5].`
        said = _COLON.search(whole, own.end())
    return said.end() if said and (is_cited or tells(whole[said.end() :])) else -1


def _hidden_part(sentence: str, *, is_cited: bool) -> int:
    """Return from where on what asks for something gives a reason, which claims something; -1 if nowhere."""
    hidden = _HIDDEN.search(sentence, min(len(sentence), 8))
    if hidden is None or not tells(sentence[hidden.end() :]):
        return -1
    says_why = hidden[0].lower().startswith(("because", "since", "given", "as "))
    return hidden.start() if is_cited or says_why else -1


def _is_talk(bare: str, *, is_cited: bool) -> bool:
    """Say whether a sentence is a question, a label, or about the answer itself and how sure it is."""
    if bare.endswith("?") or _LABEL.match(bare) or _TALK.match(bare):
        return True
    return not is_cited and (
        _GREETING.match(bare) is not None
        or _OPINION.search(bare) is not None
        or (_SURE.match(bare) is not None and _SURE_FOR.search(bare) is None)
        or _LAYOUT.search(bare) is not None
        or (_SHORT_GUESS.match(bare) is not None and not tells(bare))
        or _DATELINE.match(bare) is not None
        or (_INDIRECT.match(bare) is not None and absent_in(spelled_out(bare), is_cited=False) is None)
    )


def _asks(bare: str, *, is_cited: bool) -> bool:
    """Say whether a sentence asks for something to be done, or advises it."""
    plain = spelled_out(bare)
    if _is_imperative(plain, is_cited=is_cited):
        return True
    if advice := _ADVICE.search(plain):
        # `The price rose by 781 %, which should be checked.` tells of something first.
        joined = _JOINED.search(plain, 0, advice.start())
        return joined is None or not tells(plain[: joined.start()])
    if (condition := _CONDITION.match(plain)) and _is_imperative(plain[condition.end() :], is_cited=is_cited):
        return True
    return not is_cited and _MILD_ADVICE.search(plain) is not None


def _is_imperative(bare: str, *, is_cited: bool) -> bool:
    """Say whether a sentence asks for something; `Block blk_1 was received` begins with a noun."""
    verb = _IMPERATIVE.match(bare)
    if verb is None:
        return False
    if _ONLY_ASKS.search(bare[: verb.end()]):
        return True
    has_object = _OBJECT.match(bare, verb.end()) is not None
    if is_cited and _NOUN.search(bare[: verb.end()]) and not has_object:
        return False
    return has_object or _FACT.search(_CODE.sub(_blank, bare), verb.end()) is None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
