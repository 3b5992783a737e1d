"""What published pipelines would leave of a crawl, by the number and size of its WARC files alone."""

from collections.abc import Iterator, Sequence

from tokaudit.catalog.reference.yields import CrawlYield, crawl_yields, published_yields
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_number_of
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.warc.names import named_as_pages


def yields_of_crawl(selected: Sequence[Selected]) -> tuple[list[CrawlYield], int]:
    """What each published pipeline would leave of the WARC files among the selected, and their number."""
    sizes = [each.file.size for each in selected if named_as_pages(each.file.path)]
    return crawl_yields(len(sizes), sum(sizes), published_yields()), len(sizes)


def crawl_rows(selected: Sequence[Selected]) -> Iterator[Row]:
    """Rows of the documents and tokens that each pipeline would leave; none without WARC files. They have no value."""
    found, files = yields_of_crawl(selected)
    for each in found:
        basis = f"{format_number_of(files, 'WARC file')}, by their number and bytes, and the yield of {each.text}"
        for quantity, (low, high) in (("documents", each.documents), ("tokens", each.tokens)):
            yield {
                "quantity": f"{quantity} by {each.pipeline}",
                "value": None,
                "low": round(low),
                "high": round(high),
                "basis": basis,
            }


def crawl_note(selected: Sequence[Selected]) -> str | None:
    """One sentence on the tokens that published pipelines would leave; None without WARC files."""
    found, files = yields_of_crawl(selected)
    if not found:
        return None
    low, high = min(each.tokens[0] for each in found), max(each.tokens[1] for each in found)
    least, most = min(found, key=lambda each: each.tokens[1]).pipeline, found[0].pipeline
    return (
        f"{format_number_of(files, 'WARC file')}: published pipelines would leave {format_count(low)} to "
        f"{format_count(high)} tokens (the least {least}, the most {most}), by the number and bytes of the files alone"
    )
