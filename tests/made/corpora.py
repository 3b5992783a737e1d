"""Made-up published corpora, their relations, and how much deduplication removes from them.

They contain each other's text in the same ways as real corpora; comments say which case each corpus covers.
"""

from typing import Final

from made.registry import edge, part, row

from tokaudit.catalog.reference.corpora import PublishedDedup

B: Final = 10**9
T: Final = 10**12

CORPORA: Final = (
    # a crawl whose name means its rows without exact duplicates
    row("Crawl", "v1 all", 15 * T, standard=False, tokenizer="GPT-2", licence="ODC-BY 1.0", bytes=93 * T),
    row("Crawl", "exact across dumps", 5 * T, counted="exact", tokenizer="o200k_base", licence="ODC-BY 1.0"),
    # a selection of it, counted in three ways, with samples of samples and a row known only by its lineage
    row("Crawl-Edu", "score>=3", 1_300 * B, standard=False, tokenizer="GPT-2", licence="ODC-BY 1.0"),
    row("Crawl-Edu", "later dumps", 1_580 * B, standard=False, tokenizer="cl100k_base", licence="ODC-BY", year=2026),
    row("Crawl-Edu", "exact", 375 * B, standard=False, counted="exact", tokenizer=""),
    row("Crawl-Edu", "near", 200 * B, tokens_low=200 * B, tokens_high=375 * B, counted="near", tokenizer=""),
    row("Crawl-Edu", "score-2", 5_400 * B, standard=False, extent="other"),
    row("Crawl-Edu", "sample-100B", 100 * B, standard=False, extent="subset"),
    row("Crawl-Edu", "sample-350B (NeoX count)", 348 * B, standard=False, extent="subset", tokenizer="GPT-NeoX"),
    # a crawl without a stated relation to the first, in parts of one language each
    part("Wide Crawl", "en head", 20 * T, counted="exact", tokenizer=""),
    part("Wide Crawl", "de head", 3 * T, counted="exact", tokenizer="", languages="de", domain="multilingual-web"),
    row("Wide Crawl", "all head", 23 * T, standard=False, counted="exact", tokenizer="", languages="2 languages"),
    # pages with an unnamed tokenizer, and recounts of them
    row("Pages", "en", 156 * B, tokens_low=156 * B, tokens_high=198 * B, counted="exact", tokenizer="", bytes=800 * B),
    row("Pages", "en (Llama-2 count)", 198 * B, standard=False, counted="exact", tokenizer="Llama-2"),
    row("Pages", "en (words)", 154 * B, standard=False, counted="exact", tokenizer="words", year=2023),
    row("Pages", "newslike", None, standard=False, extent="subset", counted="exact", domain="news", bytes=31 * B),
    # two different counts without near-duplicates, one of them with a range
    row("Baseline", "all", 3_800 * B, tokens_low=3_764 * B, tokens_high=4 * T, standard=False, tokenizer="GPT-NeoX"),
    row("Baseline", "deduplicated (paper)", T, standard=False, counted="near", tokenizer=""),
    row("Baseline", "group/dedup", 750 * B, tokens_low=750 * B, tokens_high=T, counted="near", tokenizer="GPT-NeoX"),
    row("Baseline Samples", "100B", 115 * B, standard=False, extent="subset"),
    # a total that exceeds its standard part, because the rest rephrases that part
    part("Half Real", "real", 4_400 * B, counted="near", tokenizer=""),
    part("Half Real", "retold", 1_900 * B, standard=False, tokenizer="", domain="synthetic"),
    row("Half Real", "all", 6_300 * B, standard=False, counted="near", tokenizer=""),
    # text in many languages, and a corpus derived from two such, one of them without a size
    row("Tongues", tokens=6_300 * B, domain="multilingual-web", languages="108 languages", kind="recalled"),
    row(
        "Tongues Archive",
        tokens=None,
        domain="multilingual-web",
        languages="151 languages",
        bytes=8 * T,
        bytes_of="files",
        availability="gated",
    ),
    row("Clean Tongues", tokens=6_200 * B, domain="multilingual-web", languages="167 languages", availability="gated"),
    row("New Tongues", "v3", 30 * T, counted="near", domain="multilingual-web", languages="almost 200 languages"),
    row("New Tongues", "v2", 8 * T, standard=False, extent="other", domain="multilingual-web", languages="46 natural"),
    # a corpus known by its parts, with totals that repeat some parts and one that repeats none
    part("The Heap", "Web", 56 * B, tokenizer="GPT-2", bytes=244 * B),
    part("The Heap", "Books", 27 * B, tokenizer="GPT-2", domain="books", availability="withdrawn"),
    part("The Heap", "Code", 45 * B, tokenizer="GPT-2", domain="code"),
    part("The Heap", "Forum", 12 * B, tokenizer="GPT-2", domain="forum"),
    part("The Heap", "Papers", 120 * B, tokenizer="GPT-2", domain="papers"),
    row("The Heap", "all (raw, unique)", 260 * B, standard=False, tokenizer="GPT-2", domain="other", year=2020),
    row("The Heap", "all (upsampled)", None, standard=False, counted="repeated", domain="other", bytes=1_300 * B),
    row("The Heap", "as indexed", 383 * B, standard=False, counted="repeated", tokenizer="Llama-2", domain="other"),
    row("The Heap", "as indexed (words)", 286 * B, standard=False, counted="repeated", tokenizer="words", year=2023),
    row("The Heap", "deduplicated", 207 * B, standard=False, counted="near", tokenizer="GPT-NeoX", domain="other"),
    row("Heap-val", tokens=383_326_404, tokenizer="GPT-2", domain="other", availability="withdrawn"),
    # a corpus in parts and as a whole, and another with near-duplicates removed from each part
    part("Jam v1", "Crawl", 878 * B, tokens_low=327 * B, tokens_high=878 * B, tokenizer="GPT-NeoX"),
    part("Jam v1", "Pages", 175 * B, tokenizer="GPT-NeoX"),
    part("Jam v1", "Books", 26 * B, tokenizer="GPT-NeoX", domain="books", availability="withdrawn"),
    part("Jam v1", "Code", 59 * B, tokenizer="GPT-NeoX", domain="code"),
    part("Jam v1", "Forum", 20 * B, tokenizer="GPT-NeoX", domain="forum"),
    row("Jam v1", tokens=1_200 * B, standard=False, tokenizer="GPT-NeoX", domain="other", languages="en mostly"),
    *(
        part("Slim Jam", name, tokens * B, counted="near", tokenizer="GPT-NeoX", domain=domain, kind="recalled")
        for name, tokens, domain in (
            *(("Crawl", 327, "web"), ("Pages", 167, "web"), ("Books", 26, "books"), ("Code", 33, "code")),
            ("Forum", 21, "forum"),
        )
    ),
    row("Slim Jam", tokens=627 * B, standard=False, counted="near", tokenizer="GPT-NeoX", domain="other"),
    # a closed corpus that is the sum of its parts
    part("Llama Feed", "Crawl", 1_062 * B, tokenizer="Llama-2", availability="closed"),
    part("Llama Feed", "Pages", 198 * B, tokenizer="Llama-2", availability="closed"),
    # two editions of one collection, with parts drawn from other corpora
    part("Dough v1", "Crawl + Pages", 2_180 * B, counted="exact", tokenizer="GPT-NeoX", bytes=9_800 * B),
    part("Dough v1", "Programs (Stack)", 342 * B, counted="near", tokenizer="GPT-NeoX", domain="code", bytes=1_043 * B),
    part("Dough v1", "Novels", 5 * B, tokenizer="GPT-NeoX", domain="books", bytes=20 * B),
    row("Dough v1", tokens=2_527 * B, standard=False, tokenizer="GPT-NeoX", domain="other"),
    part("Dough v2", "Crawl", 1_195 * B, tokenizer="GPT-NeoX"),
    part("Dough v2", "Pages", 138 * B, tokenizer="GPT-NeoX"),
    part("Dough v2", "Stars", 264 * B, counted="near", tokenizer="GPT-NeoX", domain="code"),
    part("Dough v2", "Novels", 5 * B, tokenizer="GPT-NeoX", domain="books"),
    row("Dough v2", "all (Llama-2 count)", 1_800 * B, standard=False, tokenizer="Llama-2", domain="other"),
    # a pool, and a mix that repeats its parts and has no standard row
    part("Pool", "Crawl", 8_140 * B, counted="exact", tokenizer="cl100k_base"),
    part("Pool", "Sums", 34 * B, tokenizer="cl100k_base", domain="math"),
    row("Pool", tokens=8_174 * B, standard=False, tokenizer="cl100k_base", domain="other"),
    part("Pool Mix", "Crawl", 4_510 * B, standard=False, counted="repeated", tokenizer="cl100k_base"),
    part("Pool Mix", "Sums", 152 * B, standard=False, counted="repeated", tokenizer="cl100k_base", domain="math"),
    row("Pool Mix", tokens=5_930 * B, standard=False, counted="repeated", tokenizer="cl100k_base", domain="other"),
    # parts that share text with each other, and further parts that are not standard
    part("Commons", "papers", 40 * B, counted="exact", tokenizer="cl100k_base", domain="papers"),
    part("Commons", "medicine", 37 * B, counted="exact", tokenizer="cl100k_base", domain="papers"),
    part("Commons", "old novels", 17 * B, counted="exact", tokenizer="cl100k_base", domain="books"),
    part("Commons", "library", 48 * B, standard=False, tokenizer="", domain="books"),
    row("Commons", "all raw", None, standard=False, extent="other", domain="other", bytes=8 * T),
    # mixed text that shares some with web pages and with code
    row("Zebra", tokens=1_300 * B, counted="near", tokenizer="", domain="other"),
    # books: a text that two others recount, parts of it, and what has no size of its text
    row("Shadow Books", tokens=27 * B, tokenizer="GPT-2", domain="books", bytes=108 * B, availability="withdrawn"),
    part("Old Books", "train", 2 * B, tokenizer="words", domain="books"),
    part("Old Books", "test", 10**7, tokenizer="words", domain="books"),
    row("Gutenberg", tokens=None, domain="books"),
    row("Lent Books", "release", 242 * B, tokenizer="o200k_base", domain="books", availability="restricted"),
    row("Everyone's Library", tokens=3_900 * B, tokenizer="", domain="books", bytes=586 * T, bytes_of="files"),
    # code: corpora drawn from a whole that is known only in bytes
    row("Stack", "full", None, standard=False, counted="exact", domain="code", bytes=6_400 * B, availability="gated"),
    row("Stack", "near", 950 * B, counted="near", domain="code", availability="gated", licence="ODC-BY"),
    row("Stars", tokens=250 * B, counted="near", tokenizer="", domain="code", bytes=783 * B, availability="gated"),
    row("Stack 2", "full", None, standard=False, counted="exact", domain="code", bytes=67 * T, availability="gated"),
    row("Stack 2", "near", None, standard=False, counted="near", domain="code", bytes=32 * T, availability="gated"),
    row("Stack 2", "train", 900 * B, extent="subset", counted="near", domain="code", availability="gated"),
    row("Snakes", tokens=12 * B, counted="exact", domain="code", languages="Python", licence="of each file"),
    # mathematics, papers, news, synthetic text
    part("Sums", "3+", 34 * B, domain="math", licence="ODC-BY 1.0", year=2025),
    row("Sums", "4+", 10 * B, standard=False, extent="subset", domain="math", licence="ODC-BY 1.0"),
    part("Mega Sums", "web", 264 * B, tokenizer="", domain="math"),
    part("Mega Sums", "code", 28 * B, standard=False, tokenizer="", domain="code"),
    row("Mega Sums", tokens=372 * B, standard=False, tokenizer="", domain="math"),
    row("Scholar", tokens=59_863_121_791, tokenizer="words", domain="papers", availability="gated", year=2023),
    row("News Lines", tokens=1_180_000_000, counted="exact", tokenizer="Llama-2", domain="news", year=2013),
    part("Retold", "faq", 149 * B, tokenizer="cl100k_base", domain="synthetic"),
    part("Retold", "tutorial", 148 * B, standard=False, tokenizer="cl100k_base", domain="synthetic"),
    part("Retold", "math", 95 * B, standard=False, tokenizer="cl100k_base", domain="synthetic"),
    # bytes that are not text
    row("Snapshot", tokens=None, domain="multilingual-web", bytes=3_200 * B, bytes_of="compressed", year=2019),
    row("Threads", tokens=None, domain="forum", bytes=2 * T, bytes_of="files", availability="withdrawn", year=2015),
    # an inventory that recounts other corpora
    part("Inventory", "Crawl", 17_554 * B, standard=False),
    row("Inventory", "Edu by dump", 6_188 * B, standard=False, extent="subset"),
    row("Inventory", "Edu by score", 6_188 * B, standard=False, extent="subset"),
    # languages, as sources word them
    row("Two Tongues", tokens=1_100 * B, languages="en+zh", licence="of Tongues (ODC-BY) and Tongues Archive (CC0)"),
    row("Sky", "150B", 150 * B, languages="zh", licence="ODC-BY"),
    row("Culture", tokens=900 * B, languages="multi (en, fr, 8 languages >10B tokens)", domain="legal"),
    row("Encyclopedia", tokens=24 * B, languages="20 languages", domain="encyclopedia", year=2025),
)

LINEAGE: Final = (
    edge("Crawl/exact across dumps", "dedup_of", "Crawl/v1 all"),
    edge("Crawl-Edu/score>=3", "subset_of", "Crawl/v1 all"),
    edge("Crawl-Edu/score-2", "subset_of", "Crawl/v1 all", 0.35),
    edge("Crawl-Edu/score>=3", "subset_of", "Crawl-Edu/score-2", 0.25),
    edge("Crawl-Edu/score>=3", "subset_of", "Crawl-Edu/later dumps"),
    edge("Crawl-Edu/exact", "dedup_of", "Crawl-Edu/score>=3"),
    edge("Crawl-Edu/near", "dedup_of", "Crawl-Edu/score>=3"),
    edge("Crawl-Edu/sample-10B", "subset_of", "Crawl-Edu/sample-100B", unlisted="child"),
    edge("Crawl-Edu/sample-100B", "subset_of", "Crawl-Edu/sample-350B (NeoX count)"),
    edge("Crawl-Edu/sample-350B (NeoX count)", "subset_of", "Crawl-Edu/score>=3"),
    edge("Pages/en (Llama-2 count)", "recount_of", "Pages/en"),
    edge("Pages/en (words)", "recount_of", "Pages/en"),
    edge("Pages/newslike", "subset_of", "Pages/en"),
    edge("Baseline/deduplicated (paper)", "dedup_of", "Baseline/all"),
    edge("Baseline/group/dedup", "subset_of", "Baseline/all"),
    edge("Baseline Samples/100B", "subset_of", "Baseline/all"),
    edge("Baseline Samples/education", "subset_of", "Baseline/all", unlisted="child"),
    edge("Late Mix/its web", "recount_of", "Baseline/all", 0.99, unlisted="child"),
    edge("Half Real/all", "contains", "Half Real/real"),
    edge("Half Real/all", "contains", "Half Real/retold"),
    edge("Half Real/retold", "rewrite_of", "Half Real/real"),
    edge("Clean Tongues", "derived_from", "Tongues"),
    edge("Clean Tongues", "derived_from", "Tongues Archive"),
    edge("The Heap/all (upsampled)", "upsample_of", "The Heap/all (raw, unique)"),
    edge("The Heap/as indexed", "upsample_of", "The Heap/all (raw, unique)"),
    edge("The Heap/as indexed (words)", "upsample_of", "The Heap/all (raw, unique)"),
    edge("The Heap/deduplicated", "dedup_of", "The Heap/as indexed"),
    edge("The Heap/Books", "recount_of", "Shadow Books"),
    edge("The Heap/Forum", "recount_of", "Forum/dump of its year", unlisted="parent"),
    edge("Heap-val", "subset_of", "The Heap/all (raw, unique)"),
    edge("Jam v1/Pages", "recount_of", "Pages/en"),
    edge("Jam v1/Books", "contains", "Shadow Books"),
    edge("Jam v1/Books", "contains", "Old Books/train"),
    edge("Jam v1/Forum", "recount_of", "Forum/dump of its year", unlisted="parent"),
    edge("Slim Jam", "dedup_of", "Jam v1"),
    *(edge(f"Slim Jam/{name}", "dedup_of", f"Jam v1/{name}") for name in ("Crawl", "Pages", "Books", "Code", "Forum")),
    edge("Llama Feed/Pages", "recount_of", "Pages/en"),
    edge("Dough v1/Crawl + Pages", "overlaps", "Pages/en"),
    edge("Dough v1/Programs (Stack)", "derived_from", "Stack/near"),
    edge("Dough v1/Novels", "subset_of", "Gutenberg"),
    edge("Dough v2/Crawl", "derived_from", "Dough v1/Crawl + Pages"),
    edge("Dough v2/Pages", "derived_from", "Pages/en"),
    edge("Dough v2/Stars", "recount_of", "Stars"),
    edge("Dough v2/Novels", "recount_of", "Dough v1/Novels"),
    edge("Pool/Sums", "recount_of", "Sums/3+"),
    edge("Pool Mix", "upsample_of", "Pool"),
    edge("Pool Mix/Crawl", "upsample_of", "Pool/Crawl"),
    edge("Pool Mix/Sums", "upsample_of", "Pool/Sums"),
    edge("Commons/papers", "overlaps", "Commons/medicine", 0.4),
    edge("Commons/papers", "subset_of", "Commons/all raw"),
    edge("Commons/old novels", "subset_of", "Commons/all raw"),
    edge("Zebra", "overlaps", "Pages/en"),
    edge("Zebra", "overlaps", "Stars"),
    edge("Zebra", "overlaps", "Slim Jam"),
    edge("Old Books/train", "subset_of", "Gutenberg"),
    edge("Stack/near", "dedup_of", "Stack/full"),
    edge("Stars", "subset_of", "Stack/near"),
    edge("Stack 2/near", "dedup_of", "Stack 2/full"),
    edge("Stack 2/train", "subset_of", "Stack 2/near"),
    edge("Sums/4+", "subset_of", "Sums/3+"),
    edge("Mega Sums", "contains", "Mega Sums/web"),
    edge("Mega Sums", "contains", "Mega Sums/code"),
    *(edge(f"Retold/{name}", "rewrite_of", "Crawl-Edu/later dumps") for name in ("faq", "tutorial", "math")),
    edge("Inventory/Crawl", "recount_of", "Crawl/v1 all"),
    edge("Inventory/Edu by dump", "subset_of", "Inventory/Crawl"),
    edge("Inventory/Edu by score", "recount_of", "Inventory/Edu by dump"),
)


def _removed(corpus: str, component: str, method: str, percent: float) -> PublishedDedup:
    scope = "within corpus", "documents"
    return PublishedDedup(corpus, component, method, *scope, None, None, percent, None, None, "", "read", "a paper", "")


DEDUP: Final = (
    _removed("Pages", "en", "near(minhash)", 3.0),
    _removed("Pages", "en", "substring", 7.2),
    _removed("Crawl-Edu", "score>=3", "exact", 71.0),
    _removed("Crawl-Edu", "score>=3", "near(minhash)", 85.0),
    _removed("Jam v1", "all", "near(minhash)", 48.0),
)
