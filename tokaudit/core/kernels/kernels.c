/* The hot loops of tokaudit: from text to integers, and from integers to groups. `face.py` describes each kernel's
   arguments and result.

   Every array comes with its shape, which `library.py` takes from the array itself. Values that are read from an array
   and used as indexes are checked: a kernel returns OUTSIDE if one is outside its array. Nothing is allocated: working
   memory is on the stack or comes from the caller. Catalogs store the results of the kernels over text and signatures,
   and texts that were extracted from repaired markup, so these must never change for a given input. */

#include <stdbool.h>
#include <stdint.h>

#define memcpy __builtin_memcpy /* no C library is linked: the compiler provides these two */
#define memset __builtin_memset

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

#if defined(_WIN32)
#define KERNEL __declspec(dllexport) i64
#else
#define KERNEL __attribute__((visibility("default"))) i64
#endif

static const i64 OUTSIDE = -1;

KERNEL source_sum(void) { return SOURCE_SUM; } /* check sum of this file when it was compiled, see `build.py` */

/* An array argument: its address and its shape. */
#define VECTOR(type, name) const type *name, i64 name##_size
#define MATRIX(type, name) const type *name, i64 name##_rows, i64 name##_columns
#define TO_VECTOR(type, name) type *name, i64 name##_size
#define TO_MATRIX(type, name) type *name, i64 name##_rows, i64 name##_columns

#define MIN(a, b) ((a) < (b) ? (a) : (b))

static u64 mix(u64 value) /* mixes all bits, one to one (fmix64 of MurmurHash3) */
{
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCDu;
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53u;
    return value ^ value >> 33;
}

static u64 rotate(u64 value, int bits) { return value << bits | value >> (64 - bits); }

static u64 eight_bytes(const u8 *at)
{
    u64 value;
    memcpy(&value, at, 8);
    return value; /* every platform that wheels are built for is little-endian */
}

static bool is_part(const i64 *offsets, i64 text, i64 size)
{
    return 0 <= offsets[text] && offsets[text] <= offsets[text + 1] && offsets[text + 1] <= size;
}

static bool within(const i64 *indexes, i64 size, i64 limit)
{
    bool all = true;
    for (i64 i = 0; i < size; i++) all &= indexes[i] >= 0 && indexes[i] < limit;
    return all;
}

/* ---- exact keys: MurmurHash3 x64 128, seed 0 ---- */

static const u64 MURMUR_1 = 0x87C37B91114253D5u, MURMUR_2 = 0x4CF5AD432745937Fu;

KERNEL murmur(VECTOR(u8, data), VECTOR(i64, offsets), TO_MATRIX(u64, keys))
{
    if (keys_columns != 2 || offsets_size != keys_rows + 1) return OUTSIDE;
    for (i64 text = 0; text < keys_rows; text++) {
        if (!is_part(offsets, text, data_size)) return OUTSIDE;
        const u8 *at = data + offsets[text], *end = data + offsets[text + 1];
        u64 first = 0, second = 0, rest[2] = {0, 0}, length = (u64)(end - at);
        for (; end - at >= 16; at += 16) {
            first ^= rotate(eight_bytes(at) * MURMUR_1, 31) * MURMUR_2;
            first = (rotate(first, 27) + second) * 5 + 0x52DCE729u;
            second ^= rotate(eight_bytes(at + 8) * MURMUR_2, 33) * MURMUR_1;
            second = (rotate(second, 31) + first) * 5 + 0x38495AB5u;
        }
        for (int i = 0; at < end; i++, at++) rest[i / 8] |= (u64)*at << 8 * (i % 8);
        first ^= rotate(rest[0] * MURMUR_1, 31) * MURMUR_2 ^ length;
        second ^= rotate(rest[1] * MURMUR_2, 33) * MURMUR_1 ^ length;
        first += second;
        second += first;
        first = mix(first);
        second = mix(second);
        first += second;
        keys[2 * text] = first;
        keys[2 * text + 1] = second + first;
    }
    return 0;
}

/* ---- words and shingles ---- */

enum {
    CHUNK = 4096, /* bytes of text processed at a time, so that their words stay in the L1 cache */
    LANE = 64,    /* bytes in which words are found at once */
    SHINGLE_WORDS = 5,
    CARRIED = SHINGLE_WORDS - 1,
    MOST_WORDS = CHUNK + 2, /* of a chunk, plus one that began before it and one that ends with it */
};

static const u64 START = 0x9AE16A3B2F90404Fu, STEP = 0x9FB21C651E98DF25u;

/* A word as far as it was read: its hashes over code points and over bytes, and the bytes not hashed yet. */
typedef struct {
    u64 codes, bytes, block;
    i64 length;
    bool is_ascii;
} Word;

static const Word NO_WORD = {.codes = START, .bytes = START, .is_ascii = true};

typedef struct {
    const u8 *data;
    i64 place, end; /* the rest of the text */
    const u8 *page; /* see `alphabet.py` */
    const i32 *entries;
    Word word; /* the word that began in an earlier chunk; empty if there is none */
} Text;

static u64 step(u64 hash, u64 block)
{
    hash = (hash ^ block) * STEP;
    return hash ^ hash >> 32;
}

static void extend_word(Word *word, u64 code)
{
    word->codes = (word->codes ^ code) * STEP;
    word->is_ascii &= code < 0x80;
    word->block |= code << 8 * (word->length % 8);
    if (++word->length % 8) return;
    word->bytes = step(word->bytes, word->block);
    word->block = 0;
}

/* The hash of a word: over its bytes, eight at a time, if it is lower-case ASCII; else over its code points. */
static u64 end_word(Word *word)
{
    u64 bytes = word->length % 8 ? step(word->bytes, word->block) : word->bytes;
    u64 hash = word->is_ascii ? bytes : mix(word->codes);
    *word = NO_WORD;
    return hash;
}

/* The same hash for a word in one piece of at least one byte; seven more bytes must be readable after it. Returns
   whether the word is ASCII. */
static bool hash_ascii(const u8 *at, i64 length, u64 *hash)
{
    u64 value = START, seen = 0, block;
    for (; length > 8; at += 8, length -= 8) {
        block = eight_bytes(at);
        seen |= block;
        value = step(value, block);
    }
    block = eight_bytes(at) & ~(u64)0 >> (64 - 8 * length);
    *hash = step(value, block);
    return !((seen | block) & 0x8080808080808080u);
}

/* Fills WORDS with the words (the last may continue) of lower-cased bytes without an ASCII separator; returns how many
   have ended. UTF-8 is not checked: invalid bytes give some word. Four bytes encode 21 bits, and the table covers all
   of them. */
static i64 decode_words(Text *text, const u8 *at, const u8 *end, u64 *words)
{
    i64 filled = 0;
    while (at < end) {
        u64 code = *at;
        i64 length = 1 + (code >= 0x80) + (code >= 0xE0) + (code >= 0xF0);
        i32 entry = 1;
        if (length > end - at) {
            length = end - at;
            entry = 0;
        } else if (length > 1) {
            code &= 0x7Fu >> length;
            for (i64 i = 1; i < length; i++) code = code << 6 | (at[i] & 0x3F);
            entry = text->entries[(u64)text->page[code >> 8] << 8 | (code & 0xFF)];
            code += (u64)(i64)(entry >> 2);
        }
        at += length;
        if (entry & 1) {
            extend_word(&text->word, code);
            continue;
        }
        if (text->word.length) words[filled++] = end_word(&text->word);
        if (entry & 2) words[filled++] = mix((START ^ code) * STEP);
    }
    return filled;
}

/* Bytes in lower case, with 0 for separators of words. */
static void lower(const u8 *from, i64 size, u8 *to)
{
    for (i64 i = 0; i < size; i++) {
        u8 byte = from[i], small = byte | 0x20;
        bool letter = (u8)(small - 'a') < 26;
        bool other = ((u8)(byte - '0') < 10) | (byte == '_') | (byte >= 0x80);
        to[i] = letter ? small : other ? byte : 0;
    }
}

typedef u8 LaneBytes __attribute__((ext_vector_type(LANE)));
typedef bool LaneBits __attribute__((ext_vector_type(LANE)));

/* Which of LANE values are not 0; the lowest bit is for the first. */
static u64 nonzero(LaneBytes values)
{
    u64 mask;
    LaneBits found = __builtin_convertvector(values != 0, LaneBits);
    memcpy(&mask, &found, sizeof mask);
    return mask;
}

static LaneBytes lane_at(const u8 *at)
{
    LaneBytes values;
    memcpy(&values, at, LANE);
    return values;
}

/* Start of the last character if it may be incomplete, else SIZE. There must be at least three bytes. */
static i64 whole_characters(const u8 *bytes, i64 size)
{
    for (i64 back = 1; back <= 3; back++)
        if (bytes[size - back] >= 0xC0) return size - back;
    return size;
}

/* Fills WORDS with the words of the next chunk of the text; returns how many there are. */
static i64 next_words(Text *text, u64 *words)
{
    u8 low[CHUNK + 2 * LANE];
    i64 left = text->end - text->place, size = MIN(left, CHUNK), filled = 0;
    lower(text->data + text->place, size, low);
    if (left > CHUNK) { /* bytes after the last separator are read again with the next chunk */
        i64 whole = size;
        while (size && low[size - 1]) size--;
        if (!size) {
            size = whole_characters(low, whole);
            text->place += size;
            return decode_words(text, low, low + size, words);
        }
    }
    text->place += size;
    memset(low + size, 0, 2 * LANE);
    if (!low[0] && text->word.length) words[filled++] = end_word(&text->word);

    i64 begin = -1; /* start of a run of bytes that are not 0 */
    u64 before = 0;
    for (i64 lane = 0; lane <= size; lane += LANE) {
        u64 mask = nonzero(lane_at(low + lane)), edges = mask ^ (mask << 1 | before);
        before = mask >> 63;
        for (; edges; edges &= edges - 1) {
            i64 place = lane + __builtin_ctzll(edges);
            if (begin < 0) {
                begin = place;
                continue;
            }
            u64 *hash = words + filled;
            if (!text->word.length && hash_ascii(low + begin, place - begin, hash)) {
                filled++;
            } else {
                filled += decode_words(text, low + begin, low + place, hash);
                if (text->word.length) words[filled++] = end_word(&text->word);
            }
            begin = -1;
        }
    }
    return filled;
}

typedef struct {
    Text text;
    i64 words;                        /* so far */
    u64 window[CARRIED + MOST_WORDS]; /* hashes of words, after the last ones of the chunk before */
} Shingles;

static void begin_text(Shingles *shingles, const u8 *data, const i64 *offsets, i64 text, const u8 *page,
                       const i32 *entries)
{
    shingles->text = (Text){.data = data, .place = offsets[text], .end = offsets[text + 1],
                            .page = page, .entries = entries, .word = NO_WORD};
    shingles->words = 0;
}

/* Fills HASHES with the next shingles; returns how many there are, which may be 0 before the end of the text. */
static i64 next_shingles(Shingles *shingles, u64 *hashes)
{
    u64 *window = shingles->window;
    i64 carried = MIN(shingles->words, CARRIED), filled = carried + next_words(&shingles->text, window + carried);
    shingles->words += filled - carried;
    bool ends = shingles->text.place == shingles->text.end;
    if (ends && shingles->words && shingles->words < SHINGLE_WORDS) /* one shingle, padded with zeros */
        while (filled < SHINGLE_WORDS) window[filled++] = 0;
    i64 made = filled - CARRIED;
    if (made <= 0) return 0;
    for (i64 i = 0; i < made; i++) /* an odd factor for each place, because the order of words matters */
        hashes[i] = mix(window[i] * 0x9E3779B97F4A7C15u + window[i + 1] * 0xC2B2AE3D27D4EB4Fu +
                        window[i + 2] * 0x165667B19E3779F9u + window[i + 3] * 0x85EBCA77C2B2AE63u +
                        window[i + 4] * 0x27D4EB2F165667C5u);
    for (i64 i = 0; i < CARRIED; i++) window[i] = window[made + i];
    return made;
}

static bool is_alphabet(const u8 *page, i64 page_size, i64 entries_size)
{
    u8 last = 0;
    for (i64 i = 0; i < page_size; i++) last = page[i] > last ? page[i] : last;
    return page_size == 1 << 13 && ((i64)last + 1) << 8 <= entries_size;
}

/* ---- signatures ---- */

/* A signature has a value for each of BINS bins: the lowest rank of the text's shingles in that bin. A shingle has its
   own bin, where its rank is other bits of its hash. In all other bins it ranks after the shingles whose own bin that
   is, by a permutation of that bin. So the order of all shingles in a bin is fixed, and two texts have the same lowest
   shingle with a probability equal to their Jaccard similarity. Only the empty bins of short texts need permutations.
   (One-permutation hashing: P. Li, A. Owen, C.-H. Zhang, 2012. Empty bins filled by fresh hash functions: S. Dahlgaard,
   M. Knudsen, M. Thorup, Fast Similarity Sketching, FOCS 2017.) */
enum { BINS = 128 };

/* The halves of the hashes of shingles. Permutations alternate between them. Otherwise texts of a single shingle, which
   are common, would look alike if only 32 bits were equal. */
typedef u32 Halves[2][MOST_WORDS];

static void halve(const u64 *hashes, i64 size, Halves halves, i64 to)
{
    for (i64 i = 0; i < size; i++) {
        halves[0][to + i] = (u32)hashes[i];
        halves[1][to + i] = (u32)(hashes[i] >> 32);
    }
}

/* Lowers the value of each empty bin to the lowest of its permutation over some shingles. */
static void permute(Halves halves, i64 size, const u8 *empty, int holes, const u32 *factors, const u32 *terms,
                    u32 *least)
{
    for (int hole = 0; hole < holes; hole++) {
        int bin = empty[hole];
        const u32 *half = halves[bin % 2];
        u32 factor = factors[bin], term = terms[bin], low = least[bin];
        for (i64 i = 0; i < size; i++) {
            u32 value = factor * half[i] + term;
            low = value < low ? value : low;
        }
        least[bin] = low;
    }
}

KERNEL minhash(VECTOR(u8, data), VECTOR(i64, offsets), VECTOR(u8, page), VECTOR(i32, entries), VECTOR(u32, factors),
               VECTOR(u32, terms), TO_MATRIX(u16, signatures), TO_VECTOR(i64, words))
{
    static const u64 EMPTY = (u64)1 << 32;
    Shingles shingles;
    u64 hashes[MOST_WORDS], bins[BINS];
    Halves halves;
    u32 least[BINS];
    u8 empty[BINS];
    if (!is_alphabet(page, page_size, entries_size) || factors_size != BINS || terms_size != BINS ||
        signatures_columns != BINS || signatures_rows != words_size || offsets_size != words_size + 1)
        return OUTSIDE;
    for (i64 text = 0; text < words_size; text++) {
        if (!is_part(offsets, text, data_size)) return OUTSIDE;
        for (int bin = 0; bin < BINS; bin++) bins[bin] = EMPTY;
        i64 seen = 0;
        begin_text(&shingles, data, offsets, text, page, entries);
        while (shingles.text.place < shingles.text.end) {
            i64 made = next_shingles(&shingles, hashes);
            for (i64 i = 0; i < made; i++) { /* bin and rank use different bits */
                u64 *bin = bins + (hashes[i] >> 57), rank = (u32)(hashes[i] >> 25);
                *bin = rank < *bin ? rank : *bin;
            }
            if (seen < MOST_WORDS) halve(hashes, MIN(made, MOST_WORDS - seen), halves, seen);
            seen += made;
        }
        words[text] = shingles.words;
        if (!shingles.words) continue;
        int holes = 0;
        for (int bin = 0; bin < BINS; bin++) {
            empty[holes] = (u8)bin;
            holes += bins[bin] == EMPTY;
            least[bin] = bins[bin] == EMPTY ? UINT32_MAX : (u32)bins[bin];
        }
        if (seen <= MOST_WORDS) {
            permute(halves, seen, empty, holes, factors, terms, least);
        } else if (holes) { /* one long text in 10,000, or a repetitive one: read it a second time */
            begin_text(&shingles, data, offsets, text, page, entries);
            while (shingles.text.place < shingles.text.end) {
                i64 made = next_shingles(&shingles, hashes);
                halve(hashes, made, halves, 0);
                permute(halves, made, empty, holes, factors, terms, least);
            }
        }
        for (int bin = 0; bin < BINS; bin++) /* the lower bits of a product do not depend on the upper ones */
            signatures[text * BINS + bin] = (u16)(least[bin] ^ least[bin] >> 16);
    }
    return 0;
}

/* A band is a run of 64-bit words of a signature of 16-bit values. */
KERNEL band_keys(MATRIX(u16, signatures), TO_MATRIX(u32, keys))
{
    if (signatures_rows != keys_rows || !keys_columns || signatures_columns % (4 * keys_columns)) return OUTSIDE;
    i64 values = signatures_columns / keys_columns;
    for (i64 i = 0; i < keys_rows * keys_columns; i++) {
        u64 key = START + (u64)(i % keys_columns);
        for (i64 value = 0; value < values; value += 4)
            key = step(key, eight_bytes((const u8 *)(signatures + i * values + value)));
        keys[i] = (u32)(mix(key) >> 32);
    }
    return 0;
}

static u8 equal_values(const u16 *a, const u16 *b, i64 size)
{
    u8 count = 0;
    for (i64 i = 0; i < size; i++) count = (u8)(count + (a[i] == b[i]));
    return count;
}

KERNEL agreements(MATRIX(u16, signatures), MATRIX(i64, pairs), TO_VECTOR(u8, equal))
{
    if (pairs_columns != 2 || pairs_rows != equal_size) return OUTSIDE;
    if (!within(pairs, 2 * pairs_rows, signatures_rows) || signatures_columns > UINT8_MAX) return OUTSIDE;
    for (i64 pair = 0; pair < pairs_rows; pair++)
        equal[pair] = equal_values(signatures + pairs[2 * pair] * signatures_columns,
                                   signatures + pairs[2 * pair + 1] * signatures_columns, signatures_columns);
    return 0;
}

KERNEL text_sums(MATRIX(u64, keys), MATRIX(u64, signatures), TO_VECTOR(u32, sums))
{
    if (keys_columns != 2 || keys_rows != sums_size || signatures_rows != sums_size) return OUTSIDE;
    for (i64 text = 0; text < sums_size; text++) {
        u64 total = (START ^ keys[2 * text]) * STEP ^ keys[2 * text + 1];
        for (i64 i = 0; i < signatures_columns; i++) {
            total = (total ^ signatures[text * signatures_columns + i]) * STEP;
            total ^= total >> 29;
        }
        sums[text] = (u32)(total >> 32);
    }
    return 0;
}

/* ---- sets of shingles ---- */

/* A hash table, at most half full. The number of slots is a power of two. An empty slot is 0, so 0 itself is a flag. */
typedef struct {
    u64 *slots, mask;
    i64 held, most;
    bool has_zero;
} Table;

/* An empty table in the first slots, for SIZE hashes or as many as there is room for. */
static Table empty_table(u64 *slots, i64 capacity, i64 size)
{
    u64 mask = 15;
    while ((i64)mask + 1 < 2 * size && 2 * (i64)mask + 2 <= capacity) mask = 2 * mask + 1;
    memset(slots, 0, 8 * (mask + 1));
    return (Table){.slots = slots, .mask = mask, .most = (i64)(mask + 1) / 2};
}

/* The slot of a hash, or the empty slot where it would be. */
static u64 *slot_of(const Table *table, u64 hash)
{
    u64 at = hash & table->mask;
    while (table->slots[at] && table->slots[at] != hash) at = (at + 1) & table->mask;
    return table->slots + at;
}

static bool holds(const Table *table, u64 hash) { return hash ? *slot_of(table, hash) == hash : table->has_zero; }

/* Adds a hash; returns whether it is new. */
static bool put(Table *table, u64 hash)
{
    u64 *slot = slot_of(table, hash);
    bool fresh = hash ? *slot != hash : !table->has_zero;
    *slot = hash; /* if the hash is 0, the slot stays empty */
    table->has_zero |= !hash;
    table->held += fresh;
    return fresh;
}

/* Moves the first occurrence of each value to the front; returns how many there are. If there are more values than the
   table has room for, it takes some at a time and removes them from the rest. */
static i64 keep_distinct(u64 *values, i64 size, u64 *slots, i64 capacity)
{
    i64 kept = 0;
    while (kept < size) {
        Table table = empty_table(slots, capacity, size - kept);
        i64 place = kept;
        for (; place < size && table.held < table.most; place++)
            if (put(&table, values[place])) values[kept++] = values[place];
        i64 left = kept;
        for (; place < size; place++)
            if (!holds(&table, values[place])) values[left++] = values[place];
        size = left;
    }
    return kept;
}

KERNEL shingle_sets(VECTOR(u8, data), VECTOR(i64, offsets), VECTOR(u8, page), VECTOR(i32, entries),
                    TO_VECTOR(u64, slots), TO_VECTOR(i64, ends), TO_VECTOR(u64, values))
{
    Shingles shingles;
    u64 hashes[MOST_WORDS];
    if (!is_alphabet(page, page_size, entries_size) || offsets_size != ends_size + 1 || slots_size < 16) return OUTSIDE;
    i64 filled = 0;
    for (i64 text = 0; text < ends_size; text++) {
        if (!is_part(offsets, text, data_size)) return OUTSIDE;
        i64 begin = filled;
        begin_text(&shingles, data, offsets, text, page, entries);
        while (shingles.text.place < shingles.text.end) {
            i64 made = next_shingles(&shingles, hashes);
            if (made > values_size - filled) return OUTSIDE;
            memcpy(values + filled, hashes, 8 * (u64)made);
            filled += made;
        }
        filled = begin + keep_distinct(values + begin, filled - begin, slots, slots_size);
        ends[text] = filled;
    }
    return filled;
}

KERNEL jaccard(VECTOR(i64, offsets), VECTOR(u64, values), MATRIX(i64, pairs), TO_VECTOR(u64, slots),
               TO_VECTOR(double, similarity))
{
    if (pairs_columns != 2 || pairs_rows != similarity_size || slots_size < 16) return OUTSIDE;
    Table table = {.most = 0};
    i64 held = -1; /* the set that is in the table as a whole; -1 if there is none */
    for (i64 pair = 0; pair < pairs_rows; pair++) {
        i64 a = pairs[2 * pair], b = pairs[2 * pair + 1], common = 0;
        if (a < 0 || b < 0 || a >= offsets_size - 1 || b >= offsets_size - 1 || !is_part(offsets, a, values_size) ||
            !is_part(offsets, b, values_size))
            return OUTSIDE;
        i64 begin = offsets[a], end = offsets[a + 1], total = end - begin + offsets[b + 1] - offsets[b];
        while (begin < end) {
            if (a == held) {
                begin = end;
            } else {
                table = empty_table(slots, slots_size, end - begin);
                while (begin < end && table.held < table.most) put(&table, values[begin++]);
                held = table.held == end - offsets[a] ? a : -1;
            }
            for (i64 i = offsets[b]; i < offsets[b + 1]; i++) common += holds(&table, values[i]);
        }
        similarity[pair] = total ? (double)common / (double)(total - common) : 0;
    }
    return 0;
}

/* ---- repeats inside a text ---- */

static const i64 MOST_PROBES = 1024; /* so that hashes made to collide do not take time without bound */

/* The units of one text, lines or paragraphs, which are seen one after the other. If there may be more than the table
   has room for, they are seen several times, and only those of one PART are looked at. */
typedef struct {
    u64 *slots, mask; /* hashes of units; an empty slot is 0 */
    u64 parts, part;
    i64 length;   /* characters of the shortest unit that counts */
    i64 repeated; /* bytes of the units that were seen before */
} Repeats;

static bool is_blank(u8 byte) { return byte == ' ' || (u8)(byte - '\t') < 5; }

static u64 breaks_in(const u8 *at) { return nonzero((LaneBytes)(lane_at(at) == '\n')); }

static u64 blanks_in(const u8 *at)
{
    LaneBytes values = lane_at(at);
    return nonzero((LaneBytes)((values == ' ') | (values - '\t' < 5)));
}

/* Which of the next LANE bytes are line breaks. There is none at END or after it. */
static u64 breaks_at(const u8 *at, const u8 *end)
{
    u8 last[LANE] = {0};
    if (end - at >= LANE) return breaks_in(at);
    memcpy(last, at, (u64)(end - at));
    return breaks_in(last);
}

/* The next line break, or END. */
static const u8 *next_break(const u8 *at, const u8 *end)
{
    for (; end - at > 0; at += MIN(LANE, end - at)) {
        u64 breaks = breaks_at(at, end);
        if (breaks) return at + __builtin_ctzll(breaks);
    }
    return end;
}

/* Its last bytes may be hashed twice: the size is part of the hash. */
static u64 hash_unit(const u8 *at, i64 size)
{
    enum { PARTS = 4, BLOCK = 8 * PARTS };
    u64 parts[PARTS] = {START ^ (u64)size, STEP, ~START, ~STEP}, last[PARTS] = {0}, hash = 0;
    const u8 *end = at + size;
    if (size < BLOCK)
        memcpy(last, at, (u64)size);
    else
        memcpy(last, end - BLOCK, BLOCK);
    for (; end - at > BLOCK; at += BLOCK)
        for (int i = 0; i < PARTS; i++) parts[i] = step(parts[i], eight_bytes(at + 8 * i));
    for (int i = 0; i < PARTS; i++) hash = rotate(hash, 16) + step(parts[i], last[i]);
    return mix(hash);
}

/* Whether there are so many characters: bytes of UTF-8 that do not continue one. */
static bool is_long(const u8 *at, const u8 *end, i64 length)
{
    i64 characters = 0;
    for (; at < end && characters < length; at++) characters += (*at & 0xC0) != 0x80;
    return characters >= length;
}

static void see_unit(Repeats *seen, const u8 *at, const u8 *end)
{
    u64 other = 0;
    for (; end - at >= 8 && !other; at += other ? __builtin_ctzll(other) / 8 : 8)
        other = eight_bytes(at) ^ 0x2020202020202020u;
    while (at < end && is_blank(*at)) at++;
    while (at < end && is_blank(end[-1])) end--;
    if (end - at < seen->length) return; /* a character has at least one byte */
    u64 hash = hash_unit(at, end - at);
    if (seen->parts > 1 && (hash >> 32) % seen->parts != seen->part) return;
    hash += !hash;
    u64 place = hash & seen->mask;
    for (i64 probe = 0; probe < MOST_PROBES; probe++, place = (place + 1) & seen->mask) {
        if (seen->slots[place] == hash) { /* only now do its characters have to be counted */
            if (is_long(at, end, seen->length)) seen->repeated += end - at;
            return;
        }
        if (!seen->slots[place]) {
            seen->slots[place] = hash;
            return;
        }
    }
}

/* Lanes are read one after the other, whatever is in them. Of most, only the first line has to be looked at: it began
   in a lane before. */
static void see_lines(Repeats *seen, const u8 *at, const u8 *end)
{
    const u8 *begin = at; /* of the line */
    for (; at < end; at += MIN(LANE, end - at)) {
        u64 breaks = breaks_at(at, end), runs = ~breaks;
        if (!breaks) continue;
        const u8 *stop = at + __builtin_ctzll(breaks);
        if (stop - begin >= seen->length) see_unit(seen, begin, stop);
        begin = at + LANE - __builtin_clzll(breaks);
        for (i64 left = MIN(seen->length, LANE); left > 1; left -= left / 2) runs &= runs >> left / 2;
        /* Places between the first and the last line break where so many other bytes begin. */
        if (!(runs & ((u64)1 << (begin - at - 1)) - (breaks & -breaks))) continue;
        for (breaks &= breaks - 1; breaks; breaks &= breaks - 1) {
            const u8 *next = at + __builtin_ctzll(breaks);
            if (next - stop > seen->length) see_unit(seen, stop + 1, next);
            stop = next;
        }
    }
    if (end - begin >= seen->length) see_unit(seen, begin, end);
}

/* The line break in front of the next blank line, or END. No blank line is at AT. */
static const u8 *paragraph_end(const u8 *at, const u8 *end)
{
    while (end - at >= LANE) {
        u64 breaks = breaks_in(at), blanks = blanks_in(at) & ~breaks, after = breaks << 1;
        /* An addition carries the byte after a line break to the end of the blanks that begin there. */
        u64 second = (((after & blanks) + blanks) | after) & breaks;
        if (second) {
            breaks &= (second & -second) - 1;
            return at + 63 - __builtin_clzll(breaks);
        }
        if ((breaks | blanks) >> 63 && breaks) {
            int last = 63 - __builtin_clzll(breaks);
            if (!(~blanks >> last >> 1)) { /* nothing but blanks after the last line break: look on from there */
                if (!last) break;
                at += last;
                continue;
            }
        }
        at += LANE;
    }
    while (at < end) {
        const u8 *stop = next_break(at, end);
        for (at = stop + (stop < end); at < end && *at != '\n' && is_blank(*at);) at++;
        if (at == end || *at == '\n') return stop;
    }
    return end;
}

/* A paragraph ends at a blank line. Returns whether there is one inside the text. */
static bool see_paragraphs(Repeats *seen, const u8 *at, const u8 *end)
{
    bool several = false;
    while (at < end && is_blank(*at)) at++;
    while (at < end) {
        const u8 *begin = at;
        at = paragraph_end(at, end);
        const u8 *stop = at;
        while (at < end && is_blank(*at)) at++;
        several |= at < end;
        if (several) see_unit(seen, begin, stop);
    }
    return several;
}

KERNEL repeats(VECTOR(u8, data), VECTOR(i64, offsets), i64 by_line, i64 length, TO_VECTOR(u64, slots),
               TO_VECTOR(i64, repeated))
{
    if (offsets_size != repeated_size + 1 || length < 1 || slots_size < 16 || slots_size & (slots_size - 1))
        return OUTSIDE;
    for (i64 text = 0; text < repeated_size; text++) {
        if (!is_part(offsets, text, data_size)) return OUTSIDE;
        const u8 *at = data + offsets[text], *end = data + offsets[text + 1];
        Repeats seen = {.slots = slots, .mask = 15, .parts = 1, .length = length};
        repeated[text] = 0;
        if ((end - at) / 2 < length) continue; /* no room for a repeat */
        u64 needed = 2 * ((u64)(end - at) / ((u64)length + 1) + 1);
        while (seen.mask + 1 < needed && seen.mask + 1 < (u64)slots_size) seen.mask = 2 * seen.mask + 1;
        seen.parts = (needed + seen.mask) / (seen.mask + 1);
        for (; seen.part < seen.parts; seen.part++) {
            memset(slots, 0, 8 * (seen.mask + 1));
            if (by_line || !see_paragraphs(&seen, at, end)) see_lines(&seen, at, end);
        }
        repeated[text] = seen.repeated;
    }
    return 0;
}

/* ---- buckets: an entry has a band key in its upper 32 bits and the number of a text in its lower 32 bits; texts not
   compared yet have numbers below NEW ---- */

static const u64 LOWER = 0xFFFFFFFFu;

KERNEL entries_of(VECTOR(u32, band), i64 shift, u64 prefix, TO_VECTOR(u64, entries))
{
    i64 filled = 0;
    if (shift < 0 || shift > 32 || band_size > entries_size) return OUTSIDE;
    for (i64 text = 0; text < band_size; text++)
        if ((u64)band[text] >> shift == prefix) entries[filled++] = (u64)band[text] << 32 | (u64)text;
    return filled;
}

KERNEL mark(VECTOR(u32, band), TO_VECTOR(u64, seen))
{
    u64 mask = 64 * (u64)seen_size - 1;
    if (!seen_size || seen_size & (seen_size - 1)) return OUTSIDE;
    for (i64 text = 0; text < band_size; text++) seen[(band[text] & mask) >> 6] |= (u64)1 << (band[text] & 63);
    return 0;
}

KERNEL entries_seen(VECTOR(u32, band), u64 first, VECTOR(u64, seen), TO_VECTOR(u64, entries))
{
    u64 mask = 64 * (u64)seen_size - 1;
    i64 filled = 0;
    if (!seen_size || seen_size & (seen_size - 1) || band_size > entries_size) return OUTSIDE;
    for (i64 text = 0; text < band_size; text++)
        if (seen[(band[text] & mask) >> 6] >> (band[text] & 63) & 1)
            entries[filled++] = (u64)band[text] << 32 | (first + (u64)text);
    return filled;
}

KERNEL count_met(MATRIX(u32, bands), TO_VECTOR(u64, met), TO_VECTOR(u8, counts))
{
    u64 mask = 64 * (u64)met_size - 1;
    if (!met_size || met_size & (met_size - 1) || bands_rows != counts_size || bands_columns > UINT8_MAX) return OUTSIDE;
    for (i64 text = 0; text < bands_rows; text++) {
        counts[text] = 0;
        for (i64 band = 0; band < bands_columns; band++) {
            u64 bit = bands[text * bands_columns + band] & mask, *word = met + (bit >> 6);
            counts[text] = (u8)(counts[text] + (*word >> (bit & 63) & 1));
            *word |= (u64)1 << (bit & 63);
        }
    }
    return 0;
}

KERNEL sort_by_key(TO_VECTOR(u64, entries), TO_VECTOR(u64, spare))
{
    enum { DIGIT = 11, DIGITS = 1 << DIGIT };
    i64 starts[DIGITS];
    u64 *from = entries, *to = spare;
    if (entries_size != spare_size) return OUTSIDE;
    for (int shift = 32; shift < 64; shift += DIGIT) {
        memset(starts, 0, sizeof starts);
        for (i64 i = 0; i < entries_size; i++) starts[from[i] >> shift & (DIGITS - 1)]++;
        for (i64 digit = 0, place = 0; digit < DIGITS; digit++) {
            i64 count = starts[digit];
            starts[digit] = place;
            place += count;
        }
        for (i64 i = 0; i < entries_size; i++) to[starts[from[i] >> shift & (DIGITS - 1)]++] = from[i];
        u64 *swap = from;
        from = to;
        to = swap;
    }
    memcpy(entries, from, 8 * (u64)entries_size); /* after three passes the entries are in the spare array */
    return 0;
}

KERNEL keep_shared(TO_VECTOR(u64, entries), i64 new)
{
    i64 filled = 0;
    for (i64 begin = 0, end; begin < entries_size; begin = end) {
        for (end = begin + 1; end < entries_size && entries[end] >> 32 == entries[begin] >> 32;) end++;
        if (end - begin > 1 && (i64)(entries[begin] & LOWER) < new)
            for (i64 i = begin; i < end; i++) entries[filled++] = entries[i];
    }
    return filled;
}

KERNEL next_pairs(VECTOR(u64, entries), TO_VECTOR(i64, places), i64 new, MATRIX(u32, bands), i64 band,
                  TO_MATRIX(u32, pairs))
{
    i64 filled = 0;
    if (places_size != 2 || pairs_columns != 2 || places[0] < 0 || places[1] < 0 || band < 0 || band > bands_columns)
        return OUTSIDE;
    i64 first = places[0], second = places[1];
    for (; first < entries_size && filled < pairs_rows; first++, second = first + 1) {
        i64 a = (i64)(entries[first] & LOWER);
        if (a >= bands_rows) return OUTSIDE;
        while (a < new && second < entries_size && entries[second] >> 32 == entries[first] >> 32) {
            i64 b = (i64)(entries[second++] & LOWER), before = 0;
            if (b >= bands_rows) return OUTSIDE;
            while (before < band && bands[a * bands_columns + before] != bands[b * bands_columns + before]) before++;
            if (before < band) continue; /* they were a pair in that band */
            pairs[2 * filled] = (u32)a;
            pairs[2 * filled + 1] = (u32)b;
            if (++filled == pairs_rows) break;
        }
        if (filled == pairs_rows) break;
    }
    places[0] = first;
    places[1] = second;
    return filled;
}

/* ---- groups ---- */

/* The root of a node in a forest where each root is the least node of its tree. */
static i64 root_of(i64 *parent, i64 node)
{
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
}

KERNEL merge_links(TO_VECTOR(i64, parent), MATRIX(i64, links), VECTOR(i64, begin), VECTOR(i64, row),
                   VECTOR(i64, first))
{
    if (links_columns != 2 || row_size != first_size || !within(links, 2 * links_rows, begin_size - 1) ||
        !within(begin, begin_size, row_size + 1) || !within(first, first_size, parent_size))
        return OUTSIDE;
    for (i64 node = 0; node < parent_size; node++)
        if (parent[node] < 0 || parent[node] > node) return OUTSIDE;
    for (i64 link = 0; link < links_rows; link++) {
        i64 a = begin[links[2 * link]], last_a = begin[links[2 * link] + 1];
        i64 b = begin[links[2 * link + 1]], last_b = begin[links[2 * link + 1] + 1];
        while (a < last_a && b < last_b) {
            bool step_a = row[a] <= row[b], step_b = row[b] <= row[a];
            if (step_a && step_b) {
                i64 left = root_of(parent, first[a]), right = root_of(parent, first[b]);
                if (left < right) parent[right] = left;
                else parent[left] = right;
            }
            a += step_a;
            b += step_b;
        }
    }
    for (i64 node = 0; node < parent_size; node++) parent[node] = root_of(parent, node);
    return 0;
}

/* All members of a group have the same label. RING leads from each member to the next and back to the first. SIZE is
   the size of the group with a label. */
typedef struct {
    i64 *label, *ring, *size;
} Groups;

static void join_two(Groups groups, i64 a, i64 b)
{
    i64 *label = groups.label, *ring = groups.ring, *size = groups.size;
    if (label[a] == label[b]) return;
    if (size[label[a]] < size[label[b]]) {
        i64 swap = a;
        a = b;
        b = swap;
    }
    size[label[a]] += size[label[b]];
    for (i64 member = b; label[member] != label[a]; member = ring[member]) label[member] = label[a];
    i64 next = ring[a];
    ring[a] = ring[b];
    ring[b] = next;
}

static bool are_groups(Groups groups, i64 texts)
{
    return within(groups.label, texts, texts) && within(groups.ring, texts, texts) &&
           within(groups.size, texts, texts + 1);
}

KERNEL join(MATRIX(i64, pairs), TO_VECTOR(i64, label), TO_VECTOR(i64, ring), TO_VECTOR(i64, size))
{
    Groups groups = {label, ring, size};
    if (pairs_columns != 2 || ring_size != label_size || size_size != label_size ||
        !within(pairs, 2 * pairs_rows, label_size) || !are_groups(groups, label_size))
        return OUTSIDE;
    for (i64 pair = 0; pair < pairs_rows; pair++)
        join_two(groups, pairs[2 * pair], pairs[2 * pair + 1]);
    return 0;
}

/* Fills OTHERS with the places of members outside the largest group, and ONE with a member of that group; returns how
   many others there are. */
static i64 others_than_largest(const i64 *members, i64 size, const i64 *label, i64 *count, i64 labels, i64 *others,
                               i64 *one)
{
    i64 left = 0;
    memset(count, 0, 8 * (u64)labels);
    for (i64 place = 0; place < size; place++) count[label[members[place]]]++;
    *one = members[0];
    for (i64 place = 0; place < size; place++)
        if (count[label[members[place]]] > count[label[*one]]) *one = members[place];
    for (i64 place = 0; place < size; place++)
        if (label[members[place]] != label[*one]) others[left++] = place;
    return left;
}

/* How many of ORDERED are less than VALUE. */
static i64 rank_of(const i64 *ordered, i64 size, i64 value)
{
    i64 low = 0;
    while (low < size) {
        i64 middle = low + (size - low) / 2;
        if (ordered[middle] < value) low = middle + 1;
        else size = middle;
    }
    return low;
}

static i64 equal_bytes(const u8 *a, const u8 *b, i64 size)
{
    u8 count = 0;
    for (i64 i = 0; i < size; i++) count = (u8)(count + (a[i] == b[i]));
    return count;
}

KERNEL fill_pairs(VECTOR(i64, members), i64 new, MATRIX(u16, signatures), MATRIX(u8, sketches), i64 least, i64 tries,
                  VECTOR(i64, failed), i64 apart, TO_VECTOR(i64, label), TO_VECTOR(i64, ring), TO_VECTOR(i64, size),
                  TO_MATRIX(i64, room), TO_MATRIX(i64, pairs))
{
    i64 texts = label_size, width = signatures_columns, filled = 0, one = 0, largest = 0, left = 0, joined = 0;
    Groups groups = {label, ring, size};
    if (ring_size != texts || size_size != texts || room_rows != 3 || room_columns != texts || pairs_columns != 2 ||
        signatures_rows < texts || sketches_rows != members_size || sketches_columns != width || width > UINT8_MAX ||
        members_size > texts || !within(members, members_size, texts) || !are_groups(groups, texts))
        return OUTSIDE;
    i64 *had = room, *count = room + texts, *outside = room + 2 * texts;
    memset(had, 0, 8 * (u64)texts);
    for (i64 i = 0; i < members_size && members[i] < new; i++) {
        i64 a = members[i];
        /* Soon nearly all are in one group. Its members are compared only with the few outside it. */
        if (i == 0 || label[one] != largest || 2 * joined > left) {
            left = others_than_largest(members, members_size, label, count, texts, outside, &one);
            largest = label[one];
            joined = 0;
        }
        bool few = label[a] == largest;
        i64 place = few ? rank_of(outside, left, i + 1) : i + 1, end = few ? left : members_size;
        for (; place < end; place++) {
            i64 other = few ? outside[place] : place, b = members[other];
            /* Values whose lowest bytes differ are different. */
            if (equal_bytes(sketches + i * width, sketches + other * width, width) < least || label[a] == label[b] ||
                equal_values(signatures + a * width, signatures + b * width, width) < least)
                continue;
            i64 packed = a << 32 | b, at = rank_of(failed, failed_size, packed);
            if (at < failed_size && failed[at] == packed) continue;
            if (filled == pairs_rows) return OUTSIDE;
            pairs[2 * filled] = a;
            pairs[2 * filled + 1] = b;
            filled++;
            i64 smaller = size[label[a]] <= size[label[b]] ? label[a] : label[b];
            if (++had[smaller] < tries) continue;
            join_two(groups, a, b);
            joined++;
            if (--apart == 1) return filled;
        }
    }
    return filled;
}

/* ---- places where a text may be cut without changing its tokens, see `split_points.py` ---- */

enum { WORD = 1, SPLIT = 2, NEW_UNICODE = 3 };

typedef struct {
    const u8 *data;
    i64 size;
    const u8 *kinds; /* of each code point; there are 1 << 21 */
} Bytes;

/* The kind of the character that begins at PLACE; 0 if it is cut off. */
static u8 kind_at(const Bytes *bytes, i64 place)
{
    u32 code = bytes->data[place];
    int length = 1 + (code >= 0xC0) + (code >= 0xE0) + (code >= 0xF0);
    if (length > bytes->size - place) return 0;
    if (length > 1) code &= 0x7Fu >> length;
    for (int i = 1; i < length; i++) code = code << 6 | (bytes->data[place + i] & 0x3F);
    return bytes->kinds[code];
}

static bool is_inside(const Bytes *bytes, i64 place) { return (bytes->data[place] & 0xC0) == 0x80; }

static bool can_split(const Bytes *bytes, i64 begin, i64 place)
{
    if (is_inside(bytes, place) || kind_at(bytes, place) != SPLIT) return false;
    for (place--; place > begin && is_inside(bytes, place);) place--;
    return kind_at(bytes, place) == WORD;
}

/* The last place up to PLACE where a text that begins at BEGIN may be cut; BEGIN if there is none. */
static i64 last_split(const Bytes *bytes, i64 begin, i64 place)
{
    while (place > begin && !can_split(bytes, begin, place)) place--;
    return place;
}

static i64 next_split(const Bytes *bytes, i64 begin, i64 place, i64 end)
{
    while (place < end && !can_split(bytes, begin, place)) place++;
    return place;
}

/* Start of the first new Unicode character, whose first byte is at least LOWEST; END if there is none. */
static i64 next_new_unicode(const Bytes *bytes, i64 place, i64 end, u8 lowest)
{
    while (place < end) {
        i64 stop = MIN(place + LANE, end);
        u8 highest = 0;
        for (i64 i = place; i < stop; i++) highest = bytes->data[i] > highest ? bytes->data[i] : highest;
        for (; highest >= lowest && place < stop; place++)
            if (bytes->data[place] >= lowest && kind_at(bytes, place) == NEW_UNICODE) return place;
        place = stop;
    }
    return end;
}

typedef struct {
    i64 *starts, room, size;
    bool *new_unicode;
} Pieces;

/* Adds a piece. A piece without room is only counted. */
static void add_piece(Pieces *pieces, i64 start, bool new_unicode)
{
    if (pieces->size < pieces->room) {
        pieces->starts[pieces->size] = start;
        pieces->new_unicode[pieces->size] = new_unicode;
    }
    pieces->size++;
}

KERNEL split_all(VECTOR(u8, data), VECTOR(i64, offsets), VECTOR(u8, kinds), u64 lowest, i64 target,
                 TO_VECTOR(i64, starts), TO_VECTOR(bool, new_unicode), TO_VECTOR(i64, first))
{
    Bytes bytes = {data, data_size, kinds};
    Pieces pieces = {starts, MIN(starts_size - 1, new_unicode_size), 0, new_unicode};
    if (kinds_size != 1 << 21 || offsets_size != first_size + 1 || starts_size < 1 || target < 1 || lowest > UINT8_MAX)
        return OUTSIDE;
    for (i64 text = 0; text < first_size; text++) {
        if (!is_part(offsets, text, data_size)) return OUTSIDE;
        i64 place = offsets[text], end = offsets[text + 1];
        first[text] = pieces.size;
        if (place == end) add_piece(&pieces, place, false);
        while (place < end) {
            i64 found = next_new_unicode(&bytes, place, end, (u8)lowest);
            i64 plain = found == end ? end : last_split(&bytes, place, found);
            while (place < plain) {
                i64 next = plain;
                if (plain - place > target) {
                    next = last_split(&bytes, place, place + target);
                    if (next == place) next = next_split(&bytes, place, place + target, plain);
                }
                add_piece(&pieces, place, false);
                place = next;
            }
            if (place < end) {
                add_piece(&pieces, place, true);
                place = next_split(&bytes, place, found + 1, end);
            }
        }
    }
    if (pieces.size <= pieces.room) starts[pieces.size] = offsets[first_size];
    return pieces.size;
}

/* ---- markup: repairs of a page before its text is extracted, see `repairs.py` ----

   Bytes should be UTF-8. Letters and white space are those of Python's regular expressions, which these functions
   stand for: `space_at` is \s, and `word_at` ignores the case as they do, dotless i and long s included. */

enum { NAME_SIZE = 32, MARK_SIZE = 3, LEAST_LONE = 4, CODES = 0x110000 };

static const i64 UNDECIDED = -2;
static const u64 EACH_BYTE = 0x0101010101010101u;

static bool is_digit(u8 byte) { return byte >= '0' && byte <= '9'; }

static bool is_letter(u8 byte) { return (byte | 32) >= 'a' && (byte | 32) <= 'z'; }

static i64 space_at(const u8 *at, const u8 *end) /* bytes of the white space character there; 0 if there is none */
{
    if (at >= end) return 0;
    if (*at < 0x80) return (*at >= 9 && *at <= 13) || (*at >= 28 && *at <= 32);
    if (*at == 0xC2) return end - at > 1 && (at[1] == 0x85 || at[1] == 0xA0) ? 2 : 0;
    if (*at < 0xE1 || *at > 0xE3 || end - at < 3) return 0;
    u32 code = (u32)(*at & 15) << 12 | (u32)(at[1] & 63) << 6 | (at[2] & 63);
    bool is_space = code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
                    code == 0x202F || code == 0x205F || code == 0x3000;
    return is_space && at[1] >= 0x80 && at[2] >= 0x80 ? 3 : 0;
}

static const u8 *after_space(const u8 *at, const u8 *end)
{
    while (at < end && (*at <= ' ' || *at >= 0x80)) { /* what most often follows a tag is settled by this */
        i64 size = space_at(at, end);
        if (!size) break;
        at += size;
    }
    return at;
}

static const u8 *next_bracket(const u8 *at, const u8 *end) /* the next < or >, which differ in one bit */
{
    for (; end - at >= 8; at += 8) {
        u64 other = (eight_bytes(at) | EACH_BYTE * 2) ^ EACH_BYTE * '>';
        u64 found = (other - EACH_BYTE) & ~other & EACH_BYTE * 128;
        if (found) return at + __builtin_ctzll(found) / 8;
    }
    while (at < end && (*at | 2) != '>') at++;
    return at;
}

static const u8 *next_byte(const u8 *at, const u8 *end, u8 byte)
{
    while ((at = next_bracket(at, end)) < end && *at != byte) at++;
    return at;
}

static const u8 *word_at(const u8 *at, const u8 *end, const char *word) /* the end of the word; null if not there */
{
    for (; *word; word++) {
        if (at >= end) return 0;
        if ((*at | 32) == *word) {
            at++;
            continue;
        }
        bool is_odd = end - at > 1 && ((*word == 'i' && at[0] == 0xC4 && (at[1] == 0xB0 || at[1] == 0xB1)) ||
                                       (*word == 's' && at[0] == 0xC5 && at[1] == 0xBF));
        if (!is_odd) return 0;
        at += 2;
    }
    return at;
}

static bool ends_name(const u8 *at, const u8 *end)
{
    return at < end && (*at == '>' || *at == '/' || space_at(at, end));
}

static const u8 *figure_at(const u8 *name, const u8 *end) /* the end of the name of a figure or caption, or null */
{
    const u8 *rest = word_at(name, end, "fig");
    if (!rest) return 0;
    const u8 *after = word_at(rest, end, "ure");
    if (!after) after = word_at(rest, end, "caption");
    return after && ends_name(after, end) ? after : 0;
}

static bool is_list(const u8 *name, const u8 *end)
{
    return end - name > 2 && (name[0] | 32) == 'u' && (name[1] | 32) == 'l' && ends_name(name + 2, end);
}

static bool is_wide(u64 code) { return code >= 0x800 && (code < 0xE000 || code >= 0xF900); }

static bool stands_for_wide(u64 code) /* whether a numeric reference does, as HTML defines it */
{
    static const u32 windows = 0x0AFE0AF5u; /* bit n: whether 128 + n stands for a character above U+07FF */
    if (code >= 0x80 && code < 0xA0) return windows >> (code - 0x80) & 1;
    if (code == 0 || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return true; /* for U+FFFD */
    bool is_nothing = (code >= 0xFDD0 && code < 0xFDF0) || (code & 0xFFFE) == 0xFFFE;
    return is_wide(code) && !is_nothing;
}

static bool is_wide_number(const u8 *at, const u8 *end) /* the part of a reference after # */
{
    u64 code = 0, base = (*at | 32) == 'x' ? 16 : 10;
    if (base == 16 && ++at == end) return false;
    for (; at < end; at++) {
        u64 digit = is_digit(*at) ? (u64)(*at - '0') : (u64)((*at | 32) - 'a' + 10);
        if (digit >= base) return false;
        code = code * base + digit;
    }
    return stands_for_wide(code);
}

static bool is_among(const u8 *name, i64 size, const u8 *names, i64 count) /* names are in order */
{
    for (i64 low = 0, high = count; low < high;) {
        i64 middle = low + (high - low) / 2, same = 0;
        const u8 *other = names + NAME_SIZE * middle;
        while (same < size && other[same] == name[same]) same++;
        if (same == size && (size == NAME_SIZE || !other[size])) return true;
        if (same < size && other[same] < name[same]) low = middle + 1;
        else high = middle;
    }
    return false;
}

static const u8 *wide_reference(const u8 *at, const u8 *end, const u8 *names, i64 count) /* its end, or null */
{
    const u8 *begin = ++at, *stop;
    bool is_number = at < end && *at == '#';
    if (is_number) begin = ++at;
    i64 most = is_number ? 8 : 31;
    while (at < end && at - begin < most && (is_letter(*at) || (is_number && is_digit(*at)))) at++;
    if (at - begin < (is_number ? 1 : 2)) return 0;
    stop = at < end && *at == ';' ? at + 1 : at;
    return (is_number ? is_wide_number(begin, at) : is_among(begin, stop - begin, names, count)) ? stop : 0;
}

/* The end of a character of three bytes in UTF-8 that is alone between a > and the next <, or null. */
static const u8 *lone_after(const u8 *at, const u8 *end, const u8 *names, i64 count)
{
    at = after_space(at, end);
    if (at >= end) return 0;
    const u8 *stop = 0;
    if (*at == '&') stop = wide_reference(at, end, names, count);
    else if ((*at & 0xF0) == 0xE0 && *at != 0xEE && end - at > 3 && (*at != 0xEF || at[1] >= 0xA4)) stop = at + 3;
    if (!stop) return 0;
    const u8 *next = after_space(stop, end);
    return next < end && *next == '<' ? stop : 0;
}

static i64 delimiter_at(const u8 *at, const u8 *end)
{
    if (at < end && (*at == '"' || *at == '\'' || *at == '_' || *at == '-')) return 1;
    return space_at(at, end);
}

static bool is_navigation(const u8 *at, const u8 *end) /* whether a start tag says so */
{
    static const char *const words[] = {"nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "toc"};
    for (; at < end; at++) {
        i64 size = delimiter_at(at, end);
        if (!size) continue;
        for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
            const u8 *after = word_at(at + size, end, words[i]);
            if (after && delimiter_at(after, end)) return true;
        }
    }
    return false;
}

/* Counts characters that are neither in tags nor white space, up to a number. */
typedef struct {
    i64 count, most;
    bool in_tag;
} Letters;

static void count_letters(Letters *letters, const u8 *at, const u8 *end)
{
    while (at < end && letters->count < letters->most) {
        if (letters->in_tag) {
            at = next_byte(at, end, '>');
            if (at == end) return;
            letters->in_tag = false;
        } else if (*at == '<') letters->in_tag = true;
        else if (*at < 0x80 || *at >= 0xC0) letters->count += !space_at(at, end);
        at++;
    }
}

static bool starts_link(const u8 *at, const u8 *end)
{
    return end - at > 2 && (at[1] | 32) == 'a' && (at[2] == '>' || space_at(at + 2, end));
}

/* 1 if a link ends there, 0 if not, UNDECIDED if that takes to know which of all characters are part of words. */
static i64 ends_link(const u8 *at, const u8 *end, VECTOR(u8, is_word))
{
    if (end - at < 3 || at[1] != '/' || (at[2] | 32) != 'a') return 0;
    at += 3;
    if (at == end) return 1;
    if (*at < 0x80) return !is_letter(*at) && !is_digit(*at) && *at != '_';
    if (!is_word_size) return UNDECIDED;
    i64 size = *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
    u32 code = *at & (0xFFu >> (size + 1));
    for (i64 i = 1; i < size; i++) code = code << 6 | (i < end - at ? at[i] & 63 : 0);
    return code >= CODES || !is_word[code];
}

/* 1 if a list is content, 0 if it is navigation: by its class, and by the share of its letters in links. */
static i64 is_content(const u8 *list, const u8 *end, VECTOR(u8, is_word))
{
    const u8 *close = next_byte(list, end, '>');
    if (close < end && is_navigation(list, close + 1)) return 0;
    Letters linked = {.most = INT64_MAX}, all = {.most = 0};
    for (const u8 *at = next_byte(list, end, '<'); at < end;) {
        if (!starts_link(at, end)) {
            at = next_byte(at + 1, end, '<');
            continue;
        }
        const u8 *begin = at;
        for (i64 ends = 0; at < end && !ends;) {
            at = next_byte(at + 1, end, '<');
            ends = at < end ? ends_link(at, end, is_word, is_word_size) : 1;
            if (ends == UNDECIDED) return UNDECIDED;
        }
        count_letters(&linked, begin, at);
    }
    all.most = 2 * linked.count;
    count_letters(&all, list, end);
    return all.count >= all.most;
}

static void number_lists(u8 *at, u8 *end) /* renames <ul> to <ol> */
{
    while ((at += next_byte(at, end, '<') - at) < end) {
        u8 *name = at + 1 + (end - at > 1 && at[1] == '/');
        if (is_list(name, end)) *name = 'o';
        at++;
    }
}

typedef struct {
    const u8 *done, *end; /* what is left of the page */
    u8 *to;               /* where writing goes on */
    u8 *list;             /* where the outermost open list begins in what is written, if depth is not 0 */
    i64 depth;
} Repair;

static void write_up_to(Repair *page, const u8 *place)
{
    memcpy(page->to, page->done, (u64)(place - page->done));
    page->to += place - page->done;
    page->done = place;
}

static i64 finish_list(Repair *page, VECTOR(u8, is_word))
{
    i64 renamed = is_content(page->list, page->to, is_word, is_word_size);
    if (renamed > 0) number_lists(page->list, page->to);
    return renamed;
}

static i64 repair_list(Repair *page, const u8 *tag, VECTOR(u8, is_word))
{
    bool ends = tag[1] == '/';
    if (ends && !page->depth) return 0;
    if (!page->depth) page->list = page->to + (tag - page->done);
    page->depth += ends ? -1 : 1;
    if (page->depth) return 0;
    write_up_to(page, tag);
    i64 renamed = finish_list(page, is_word, is_word_size);
    write_up_to(page, tag + 3);
    if (renamed > 0) page->to[-1] = 'o';
    return renamed;
}

KERNEL repair_markup(VECTOR(u8, data), i64 whole, MATRIX(u8, names), VECTOR(u8, is_word), TO_VECTOR(u8, repaired),
                     TO_VECTOR(i64, changes))
{
    static const u8 mark[MARK_SIZE] = {0xEF, 0xB7, 0x90}; /* U+FDD0 */
    if (names_columns != NAME_SIZE || (is_word_size && is_word_size != CODES) || changes_size != 2) return OUTSIDE;
    if (repaired_size < data_size + data_size / LEAST_LONE * MARK_SIZE) return OUTSIDE;
    Repair page = {.done = data, .end = data + data_size, .to = repaired};
    const u8 *end = page.end;
    changes[0] = changes[1] = 0;
    for (const u8 *at = data; (at = next_bracket(at, end)) < end;) {
        if (*at == '>') {
            const u8 *stop = whole ? lone_after(at + 1, end, names, names_rows) : 0;
            at = stop ? stop : at + 1;
            if (!stop) continue;
            write_up_to(&page, stop);
            memcpy(page.to, mark, MARK_SIZE);
            page.to += MARK_SIZE;
            changes[0]++;
            continue;
        }
        const u8 *tag = at++, *name = at + (at < end && *at == '/');
        if (name == end) break;
        const u8 *after = (*name | 32) == 'f' ? figure_at(name, end) : 0;
        if (after) {
            write_up_to(&page, name);
            memcpy(page.to, "div", 3);
            page.to += 3;
            page.done = after;
            changes[1]++;
        } else if (whole && is_list(name, end)) {
            i64 renamed = repair_list(&page, tag, is_word, is_word_size);
            if (renamed == UNDECIDED) return UNDECIDED;
            changes[1] += renamed;
        }
    }
    write_up_to(&page, end);
    i64 renamed = page.depth ? finish_list(&page, is_word, is_word_size) : 0;
    changes[1] += renamed;
    return renamed == UNDECIDED ? UNDECIDED : page.to - repaired;
}
