"""What is left out, summed up."""

from tokaudit.pipeline.left_out import LeftOutGroup, left_out_groups, left_out_words
from tokaudit.readers.files import LeftOut


def test_files_are_grouped_by_rule_and_suffix() -> None:
    groups = left_out_groups(
        [
            LeftOut("/c/b.PDF", "unclaimed", 5),
            LeftOut("/c/a.pdf", "unclaimed", 7),
            LeftOut("/c/x.json.gz", "unclaimed", 1),
            LeftOut("/c/.git", "vcs"),
            LeftOut("/c/LICENSE", "about_data", 2),
        ],
        [LeftOutGroup("unclaimed", ".pdf", 3, 10, "/c/t.tar!z.pdf", parts=3)],
    )

    assert groups == [
        LeftOutGroup("about_data", "", 1, 2, "/c/LICENSE"),
        LeftOutGroup("unclaimed", ".json.gz", 1, 1, "/c/x.json.gz"),
        LeftOutGroup("unclaimed", ".pdf", 5, 22, "/c/a.pdf", parts=3),
        LeftOutGroup("vcs", "", 1, 0, "/c/.git"),
    ]


def test_a_sentence_names_the_three_most_frequent_kinds() -> None:
    groups = [
        LeftOutGroup("unclaimed", ".pdf", 71, 30_000_000, "a"),
        LeftOutGroup("hidden", ".json", 9, 500_000, "b"),
        LeftOutGroup("hidden", "", 3, 500_000, "c"),
        LeftOutGroup("binary", ".png", 5, 0, "d"),
        LeftOutGroup("vcs", "", 2, 0, "e"),
    ]

    assert left_out_words(groups) == "90 files, 31 MB left out: 71 .pdf, 12 hidden, 5 .png, …"
    assert left_out_words(groups[-1:]) == "2 files, 0 B left out: 2 vcs"


def test_a_sentence_tells_files_from_members_and_records() -> None:
    crawl = [
        LeftOutGroup("record_type", "request", 1_203, 500, "w!a", parts=1_203),
        LeftOutGroup("status", "404", 1, 0, "w!b", parts=1),
    ]
    archive = LeftOutGroup("unclaimed", ".pdf", 5, 0, "t!a.pdf", parts=2)

    assert left_out_words(crawl) == "1,204 records, 500 B left out: 1,203 record_type, 1 status"
    assert left_out_words([archive, *crawl]).startswith("3 files, 2 members and 1,204 records, 500 B left out:")
    assert left_out_words([archive]) == "3 files and 2 members, 0 B left out: 5 .pdf"
