-- Documents of the texts in `incoming`, in the order that decides who is kept.
select d.document, p.domain, p.source, i.text
from store.documents d join incoming i using (key_hi, key_lo) join place p using (file)
order by p.place, d.ordinal, p.turn
