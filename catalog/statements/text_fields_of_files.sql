-- Fields that the texts of the complete files at the paths in `incoming` are from, and the number of their files.
select text_field, count(*)::bigint as files
from store.whole semi join incoming using (path)
where text_field is not null and documents > 0
group by text_field
order by files desc, text_field
