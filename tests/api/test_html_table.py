"""Tables as HTML."""

from tokaudit.api.html_table import html_table


def test_every_text_is_escaped_and_control_characters_are_shown() -> None:
    html = html_table("<i>", ["a<b"], [{"a<b": "<script>"}, {"a<b": "x\x1b&"}], ["note > 1"])

    assert "<script>" not in html
    assert all(part in html for part in ("<p>&lt;i&gt;</p>", "<th>a&lt;b</th>", "&lt;script&gt;", "x\\x1b&amp;"))
    assert html.endswith("<p>note &gt; 1</p>")


def test_numbers_stand_right_with_commas_and_missing_values_are_empty() -> None:
    html = html_table("c", ["n"], [{"n": 1234567}, {"n": 0.5}, {"n": None}, {"n": True}])

    assert '<td style="text-align: right">1,234,567</td>' in html
    assert '<td style="text-align: right">0.5</td>' in html
    assert '<td style="text-align: left"></td>' in html
    assert '<td style="text-align: left">True</td>' in html
