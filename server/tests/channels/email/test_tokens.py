"""Our own thread tokens: made, hidden in every place that comes back, and believed only with the right signature."""

from hypothesis import given
from hypothesis import strategies as st

from cordboard.channels.email import tokens

KEY = tokens.tenant_key("a secret of the installation", "demo")
tenants = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,62}", fullmatch=True)


@given(tenants, st.integers(1, 10**18 - 1))
def test_a_token_is_read_again(tenant_id: str, mail_id: int) -> None:
    token = tokens.make_token(KEY, tenant_id, mail_id)
    assert tokens.read_token(KEY, token) == (tenant_id, mail_id)


def test_a_token_comes_back_by_every_way() -> None:
    token = tokens.make_token(KEY, "demo", 120)
    for where in (
        f"<{tokens.message_id(token, 'centre.example')}>",
        tokens.plus_address(token, "support@centre.example"),
        "Re: Invoice " + tokens.subject_tag(token).upper(),
    ):
        assert tokens.find_tokens(where) == (token,)


def test_a_token_of_another_number_key_or_tenant_is_none_of_ours() -> None:
    token = tokens.make_token(KEY, "demo", 120)
    assert tokens.read_token(KEY, token.replace(".120.", ".121.")) is None
    assert tokens.read_token(KEY, token.replace(".demo.", ".other.")) is None
    assert tokens.read_token(tokens.tenant_key("a secret of the installation", "other"), token) is None
    assert tokens.read_token(KEY, token[:-1]) is None
    assert tokens.read_token(KEY, "") is None


def test_the_tag_is_not_shown() -> None:
    token = tokens.make_token(KEY, "demo", 120)
    assert tokens.without_tag("Re: Invoice " + tokens.subject_tag(token)) == "Re: Invoice"
