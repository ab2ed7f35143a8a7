from hallucino_tui.logs.words import Word, parse_words


def test_words_as_a_user_types_them() -> None:
    assert parse_words('timeout !health "too many clients" !"GET /healthz') == (
        Word("timeout"),
        Word("health", exclude=True),
        Word("too many clients"),
        Word("GET /healthz", exclude=True),
    )
    assert parse_words('  ! "" ') == (Word("!"),)
    assert " ".join(map(str, parse_words('a !b "c d" !"e f"'))) == 'a !b "c d" !"e f"'
