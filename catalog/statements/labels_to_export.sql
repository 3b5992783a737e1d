-- Labels of the documents in `incoming`, with their place there and the place of the name among those asked for.
-- params: $names VARCHAR[]
select i.place, list_position($names, l.name)::bigint - 1 as field, l.value
from store.labels l join incoming i using (document)
where list_contains($names, l.name)
