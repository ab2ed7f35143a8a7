"""Secrets out of lines before anything leaves the machine: each becomes a stable pseudonym.

A rule runs only on lines that hold one of its literals, so clean lines cost next to nothing. Equal secrets get equal
pseudonyms, so what belongs together stays together.

Pseudonyms that stand in a log already are not ours. One that was not given yet stays as it is and is never given; one
that was given before is written in another way, so that it turns back into nothing. A line that this redactor itself
returned is known again as a whole, and stays.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.neutralise import plain
from hallucino_tui.assistant.redact_encoded import encoded_in_columns, encoded_lines
from hallucino_tui.assistant.redact_hosts import KnownHosts
from hallucino_tui.assistant.redact_identities import ADDRESSES, EMAILS, HOSTS
from hallucino_tui.assistant.redact_keys import KeyLines, Split, lines_in_keys, split_in_key
from hallucino_tui.assistant.redact_known import kind_of, values_in, with_values
from hallucino_tui.assistant.redact_looks import LOOKS
from hallucino_tui.assistant.redact_names import NAMES
from hallucino_tui.assistant.redact_places import KEYS, PLACES
from hallucino_tui.assistant.redact_rules import HARMLESS, PSEUDONYM, PSEUDONYM_GATES, VALUE_GROUPS, Rule, pseudonym
from hallucino_tui.assistant.redact_users import RedactionError, UserRules

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.config.settings import RedactionSettings

__all__ = ["PSEUDONYM", "RULES", "RedactionError", "Redactor", "Rule"]

RULES: Final[tuple[Rule, ...]] = (KEYS, *LOOKS, *PLACES, *NAMES)
"""What is always replaced, in the order in which it is: what is certain first, names with values last."""

_MOST_ROUNDS: Final = 3
_MOST_NESTED: Final = 2 * _MOST_ROUNDS
"""How often what a pseudonym stands for may hold another one: an address in a token in a cookie in a quoted value."""
_MOST_REMEMBERED: Final = 1 << 20
_MOST_COMBINATIONS: Final = 4096
# Something invisible may stand in the middle of a name or of a secret: these lines are looked at without it.
_INVISIBLE_GATES: Final = (
    "\x1b", "\x00", "\x08", "\x7f", "\x9b", "\xad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5",
    "\u180e", "\u3164", "\ufeff", "\uffa0", *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2070)), *map(chr, range(0xFE00, 0xFE10)),
)  # fmt: skip

_LOOK_CLOSER: Final = frozenset((*PSEUDONYM_GATES, *_INVISIBLE_GATES))


class Redactor:
    """Replaces secrets. Keeps which pseudonym stands for what, in memory only, to turn them back on the screen.

    Args:
        settings: What is replaced besides secrets, with the user's own rules; None for the defaults.

    Raises:
        RedactionError: A rule of the user is wrong.
    """

    __slots__ = (
        "_counts",
        "_foreign",
        "_gates",
        "_hosts",
        "_names",
        "_own",
        "_replaced",
        "_rules",
        "_secrets",
        "_users",
    )

    def __init__(self, settings: RedactionSettings | None = None) -> None:
        rules = RULES if settings is not None and not settings.emails else (*RULES, *EMAILS)
        if settings is not None:
            rules += (ADDRESSES if settings.addresses else ()) + (HOSTS if settings.hosts else ())
        self._rules: tuple[Rule, ...] = rules
        self._users = UserRules(settings.rules if settings is not None else ())
        self._gates = [*{gate: None for rule in rules for gate in rule.gates}, *PSEUDONYM_GATES, *_INVISIBLE_GATES]
        self._hosts = KnownHosts()
        self._names: dict[str, str] = {}
        self._secrets: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._replaced: Counter[str] = Counter()
        self._foreign: set[str] = set()
        self._own: set[int] = set()

    def redact(self, line: str) -> str:
        """Return a line with every secret that a rule finds replaced."""
        return self._redact(line)

    def _redact(self, line: str, rules: Sequence[Rule] | None = None) -> str:
        visible = line if line.isascii() and line.isprintable() else _visible(line)
        if hash(visible) in self._own:
            return line
        before = self._without_fakes(visible)
        if self._users:
            before = self._by_users(before)
        redacted = self._hosts.replaced_in(self._by_rules(before, rules))
        return self._remembered(redacted) if redacted != visible else line

    def _redact_prepared(self, line: str, rules: Sequence[Rule] | None) -> str:
        return self._remembered(self._by_rules(line, rules))

    def redact_all(self, lines: Iterable[str], keys: KeyLines | None = None) -> list[str]:
        """Return lines of one stream in order, with secrets replaced; a private key may go over many lines.

        Args:
            lines: The lines.
            keys: Where the lines before these left off, if they come piece by piece; it goes on there.
        """
        keys, lines = keys or KeyLines(), list(lines)
        encoded = encoded_lines(lines)
        splits = [keys.read(line) or (split_in_key(line) if row in encoded else None) for row, line in enumerate(lines)]
        made = [self._redact_part(line, split) for line, split in zip(lines, splits, strict=True)]
        return list(map(self._without_hosts, made)) if self._hosts else made

    def redact_series(
        self,
        text: pl.Series,
        streams: NDArray[np.uint32],
        keys: dict[int, KeyLines] | None = None,
        inside: Collection[int] | None = None,
    ) -> pl.Series:
        """Return n lines with secrets replaced, in much less time than line by line.

        Args:
            text: n lines (String); those of one stream in order.
            streams: n streams. A private key may go over many lines of one, with others between them.
            keys: Which streams left off within a private key, if the lines come piece by piece; it is kept up.
            inside: Which of the lines begin within a private key, if others lie between them and it is known from
                there; what a key that begins among these lines hides is not looked for then.
        """
        self._know_foreign(text)
        encoded = encoded_in_columns(text, streams)
        done: set[int] = set()
        if self._users:
            text, done = self._by_users_in_columns(text)
        held = text.str.contains_any(self._gates, ascii_case_insensitive=True).fill_null(value=False)
        rows: list[int] = held.arg_true().to_list()
        gates = text.filter(held).str.extract_many(self._gates, ascii_case_insensitive=True, overlapping=True)
        rules_of = dict(zip(rows, self._rules_of(gates.to_list()), strict=True))
        splits = {row: split_in_key(text[row] or "") for row in (*encoded, *(inside or ()))}
        if inside is None and (keys or any(rules is None or KEYS in rules for rules in rules_of.values())):
            splits |= lines_in_keys(text, streams, keys)
        rows = sorted({*rows, *splits})
        read = self._redact_prepared if self._users else self._redact
        changed: dict[int, str] = {}
        for row, line in zip(rows, text.gather(rows).to_list(), strict=True):
            split = splits.get(row)
            redacted = line if row in done else self._redact_part(line, split) if split else read(line, rules_of[row])
            if redacted is not line and redacted != line:
                changed[row] = redacted
        made = _with_lines(text, changed)
        rows = self._hosts.rows(made)
        again = {row: self._without_hosts(line) for row, line in zip(rows, made.gather(rows).to_list(), strict=True)}
        return _with_lines(made, again)

    def restore(self, text: str) -> str:
        """Return text with pseudonyms turned back, for the screen only."""
        for _ in range(_MOST_NESTED):
            before, text = text, PSEUDONYM.sub(lambda match: self._secrets.get(match[0], match[0]), text)
            if text == before:
                break
        return text

    def known(self, text: str, found_by: Redactor | None = None) -> str:
        """Return text in which every value that was replaced before is replaced again, wherever it stands.

        It is for words of the user, who saw these values on the screen: no rule finds them there. Values of fewer than
        six characters are left, and pseudonyms stay as they are.

        Args:
            text: The text, as `redact` returned it.
            found_by: Another redactor whose values are replaced, too, by pseudonyms of this one.
        """
        names = values_in(text, self._secrets, self.restore)
        if found_by is not None and found_by is not self:
            others = values_in(text, found_by._secrets, found_by.restore)  # noqa: SLF001 - one of its kind
            names = {value: self._name(kind_of(name), value) for value, name in others.items()} | names
        return self._remembered(with_values(text, names)) if names else text

    @property
    def hosts(self) -> int:
        """How many hosts are known so well that they are replaced wherever they stand from now on."""
        return len(self._hosts)

    @property
    def count(self) -> int:
        """How many different secrets were found."""
        return len(self._secrets)

    @property
    def replaced(self) -> Mapping[str, int]:
        """How often something of each kind was replaced."""
        return self._replaced

    def _rules_of(self, gates: Iterable[Sequence[str]]) -> Iterator[Sequence[Rule] | None]:
        """Return for each of n lines the rules whose gates it holds; None if that is not all there is to know."""
        known: dict[tuple[str, ...], Sequence[Rule] | None] = {}
        for found in gates:
            key = tuple(found)
            if key not in known:
                if len(known) >= _MOST_COMBINATIONS:
                    known.clear()
                some = {gate.lower() for gate in key}
                known[key] = (
                    None if some & _LOOK_CLOSER else [rule for rule in self._rules if not some.isdisjoint(rule.gates)]
                )
            yield known[key]

    def _redact_part(self, line: str, split: Split | None) -> str:
        if split is None:
            return self.redact(line)
        if hash(line) in self._own:
            return line
        hidden = self._without_fakes(split.hidden)
        if hidden.strip() and not PSEUDONYM.fullmatch(hidden.strip()):
            hidden = self._name("private-key", hidden)
        return self._remembered(hidden + split.end + (self.redact(split.rest) if split.rest else ""))

    def _by_rules(self, line: str, rules: Sequence[Rule] | None) -> str:
        """Return a line with what rules find replaced.

        Args:
            line: The line.
            rules: Those whose gates it holds; None for not known.
        """
        lowered = line.lower()
        some = [rule for rule in self._rules if rule.has_gate(lowered)] if rules is None else rules
        some = [rule for rule in some if not rule.needs or rule.is_met(lowered)]
        # What one rule replaced may let another one match. Again, until whoever redacts it once more finds nothing.
        for _ in range(_MOST_ROUNDS):
            before = line
            for rule in some:
                line = rule.pattern.sub(lambda match, rule=rule: self._replace(rule, match), line)
            if line == before:
                break
        return line

    def _by_users(self, line: str) -> str:
        import polars as pl  # noqa: PLC0415 - the program starts without it

        return self._users.replace(pl.Series([line], dtype=pl.String), self._name)[0]

    def _by_users_in_columns(self, text: pl.Series) -> tuple[pl.Series, set[int]]:
        """Return lines with what the user's rules find replaced, and which ones this redactor itself had returned."""
        closer = text.str.contains_any(list(_LOOK_CLOSER)).fill_null(value=False)
        before = dict(zip(closer.arg_true().to_list(), text.filter(closer).to_list(), strict=True))
        own = {row: line for row, line in before.items() if hash(line) in self._own}
        told_apart = {row: self._without_fakes(_visible(line)) for row, line in before.items() if row not in own}
        made = self._users.replace(_with_lines(text, told_apart), self._name)
        return _with_lines(made, own), set(own)

    def _replace(self, rule: Rule, match: re.Match[str]) -> str:
        whole = match[0]
        if whole[0] == "<" and PSEUDONYM.fullmatch(whole):
            return whole
        groups = match.re.groupindex
        for group in VALUE_GROUPS:
            if group in groups and (secret := match[group]) is not None:
                if not secret.strip() or HARMLESS.match(secret) or (rule.is_real and not rule.is_real(secret)):
                    return whole
                start, end = match.start(group) - match.start(), match.end(group) - match.start()
                return whole[:start] + self._name(rule.kind, secret) + whole[end:]
        return self._name(rule.kind, whole)

    def _name(self, kind: str, secret: str) -> str:
        self._replaced[kind] += 1
        name = self._names.get(secret)
        if name is None:
            while name is None or name in self._foreign:
                self._counts[kind] += 1
                name = pseudonym(kind, self._counts[kind])
            self._names[secret] = name
            self._secrets[name] = secret
            if kind == "host":
                self._hosts.add(secret, name)
        return name

    def _without_hosts(self, line: str) -> str:
        """Return a redacted line without the hosts that are known only since."""
        redacted = self._hosts.replaced_in(line)
        return line if redacted == line else self._remembered(redacted)

    def _remembered(self, line: str) -> str:
        if len(self._own) >= _MOST_REMEMBERED:
            self._own.clear()  # what is redacted twice from here on turns back into nothing, which is safe
        self._own.add(hash(line))
        return line

    def _without_fakes(self, line: str) -> str:
        """Return a line in which no pseudonym stands that was given before it came."""
        if not any(gate in line for gate in PSEUDONYM_GATES):
            return line
        return PSEUDONYM.sub(self._kept_or_told_apart, line)

    def _kept_or_told_apart(self, match: re.Match[str]) -> str:
        if match[0] in self._secrets:
            return f"({match[0][1:-1].replace(':', ' ')})"
        self._foreign.add(match[0])
        return match[0]

    def _know_foreign(self, text: pl.Series) -> None:
        """Take note of the pseudonyms that stand in lines, before any is given."""
        for line in text.filter(text.str.contains_any(list(PSEUDONYM_GATES)).fill_null(value=False)).to_list():
            if hash(line) not in self._own:
                self._foreign.update(found for found in PSEUDONYM.findall(line) if found not in self._secrets)


def _with_lines(text: pl.Series, lines: Mapping[int, str]) -> pl.Series:
    """Return lines of which some are others."""
    import polars as pl  # noqa: PLC0415 - the program starts without it

    return text.clone().scatter(list(lines), pl.Series(list(lines.values()), dtype=pl.String)) if lines else text


def _visible(line: str) -> str:
    """Return a line without invisible characters and commands to a terminal; its line breaks stay."""
    return "\n".join(map(plain, line.split("\n")))
