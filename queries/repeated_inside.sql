-- Which documents repeat most of their own text?
-- returns: source VARCHAR, path VARCHAR, ordinal BIGINT, bytes BIGINT, bytes_repeated_inside BIGINT, share DOUBLE
-- Counted are lines (code) or paragraphs that occurred before in the same document. The documents that can save most
-- bytes come first. share is of the document's bytes.
select source, path, ordinal, bytes, bytes_repeated_inside, bytes_repeated_inside / bytes as share
from documents
where bytes_repeated_inside > 0
order by bytes_repeated_inside desc, path, ordinal;
