"""Names of the files of a crawl."""

import pytest

from tokaudit.readers.warc.names import named_as_pages


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        ("crawl/CC-MAIN-20250512042640-00410.warc.gz", True),
        ("s3://bucket/a.WARC", True),
        ("a.warc.zst", True),
        ("a.warc.wet.gz", False),
        ("a.warc.wat.gz", False),
        ("a.arc.gz", False),
        ("x.warc/page.html", False),
        ("", False),
    ],
)
def test_a_warc_file_of_pages_is_known_by_its_name(path: str, pages: bool) -> None:
    assert named_as_pages(path) is pages
