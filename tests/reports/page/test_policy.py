"""What a page may run: its own content by hash; and JSON that can't leave its element."""

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from tokaudit.reports.page.policy import content_policy, json_in_html


def test_a_policy_names_the_hashes_of_scripts_and_styles_and_nothing_else() -> None:
    digest = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    policy = content_policy(["run()"], ["p {}"])

    assert f"script-src 'sha256-{digest}'; style-src 'sha256-" in policy
    assert policy.startswith("default-src 'none'; ")
    assert {"base-uri 'none'", "form-action 'none'", "img-src data:"} <= set(policy.split("; "))
    assert "unsafe" not in policy


@given(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.none()))
def test_json_in_html_says_the_same_and_has_no_character_of_html(document: dict[str, object]) -> None:
    text = json_in_html(document)

    assert json.loads(text) == document
    assert not set(text) & set("<>&\u2028\u2029")


def test_a_text_that_would_end_a_script_does_not() -> None:
    assert json_in_html(["</script><!--"]) == '["\\u003c/script\\u003e\\u003c!--"]'
