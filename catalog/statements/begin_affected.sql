-- What the statements by which affected texts are found share: documents of files that are all in, and those texts.
create temp view live as
from store.documents anti join (select file from store.files where state = 'staged') using (file);
create temp table affected (key_hi ubigint not null, key_lo ubigint not null)
