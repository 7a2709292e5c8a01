#include "tokenizer.h"

/** Pointers into the tokenizer section. */
typedef struct {
    const sm_tokenizer_header *header;
    const uint16_t *byte_tokens;
    const uint16_t (*merges)[4];
    const uint32_t *offsets;
    const uint8_t *bytes;
} tokenizer;

enum { MERGE_LEFT, MERGE_RIGHT, MERGE_PRODUCT, MERGE_RANK };

static tokenizer open_tokenizer(const sm_model *model) {
    tokenizer t;
    const uint8_t *next = model->tokenizer;
    t.header = (const sm_tokenizer_header *)(const void *)next;
    next += sizeof *t.header;
    t.byte_tokens = (const uint16_t *)(const void *)next;
    next += 256 * sizeof(uint16_t);
    t.merges = (const uint16_t(*)[4])(const void *)next;
    next += t.header->merge_count * sizeof *t.merges;
    t.offsets = (const uint32_t *)(const void *)next;
    t.bytes = next + (t.header->token_count + 1u) * sizeof(uint32_t);
    return t;
}

sm_status sm_tokenizer_check(const sm_model *model) {
    const sm_image_header *image = model->header;
    const uint32_t fixed = sizeof(sm_tokenizer_header) + 256 * sizeof(uint16_t);
    if (image->tokenizer_bytes < fixed + sizeof(uint32_t)) return SM_ERROR_SHAPE;
    const sm_tokenizer_header *header = (const sm_tokenizer_header *)(const void *)model->tokenizer;
    const uint32_t count = header->token_count;
    if (count == 0 || count > image->vocab_size || header->end_token >= count) {
        return SM_ERROR_SHAPE;
    }
    if (header->flags > SM_TOKENIZER_WORDS) return SM_ERROR_SHAPE;
    const bool escapes = header->escape_token != SM_NO_TOKEN;
    if (escapes && (header->escape_token >= count || header->nibble_base + 16u > count)) {
        return SM_ERROR_SHAPE;
    }
    const uint64_t before_bytes =
        fixed + (uint64_t)header->merge_count * 8u + ((uint64_t)count + 1u) * sizeof(uint32_t);
    if (before_bytes > image->tokenizer_bytes) return SM_ERROR_SHAPE;

    const tokenizer t = open_tokenizer(model);
    const uint32_t available = image->tokenizer_bytes - (uint32_t)before_bytes;
    for (uint32_t i = 0; i < count; i++) {
        if (t.offsets[i] > t.offsets[i + 1]) return SM_ERROR_SHAPE;
    }
    if (t.offsets[count] > available) return SM_ERROR_SHAPE;
    for (uint32_t i = 0; i < 256; i++) {
        const uint16_t token = t.byte_tokens[i];
        if (token == SM_NO_TOKEN ? !escapes : token >= count) return SM_ERROR_SHAPE;
    }
    for (uint32_t i = 0; i < header->merge_count; i++) {
        if (t.merges[i][MERGE_PRODUCT] >= count) return SM_ERROR_SHAPE;
    }
    return SM_OK;
}

typedef enum { CLASS_SPACE, CLASS_LETTER, CLASS_DIGIT, CLASS_OTHER } byte_class;

static byte_class classify(uint8_t byte) {
    if (byte == ' ' || (byte >= '\t' && byte <= '\r')) return CLASS_SPACE;
    if (byte >= '0' && byte <= '9') return CLASS_DIGIT;
    const uint8_t lower = byte | 0x20u;
    if (byte >= 0x80 || (lower >= 'a' && lower <= 'z')) return CLASS_LETTER;
    return CLASS_OTHER;
}

/**
 * End of the piece that starts at `start`: an optional space and a run of one class, or a run of
 * white space, which leaves its last space to a word that follows.
 */
static uint32_t piece_end(const uint8_t *text, uint32_t start, uint32_t length) {
    uint32_t end = start;
    if (text[start] == ' ' && start + 1 < length && classify(text[start + 1]) != CLASS_SPACE) end++;
    const byte_class class = classify(text[end]);
    do end++;
    while (end < length && classify(text[end]) == class);
    const bool gives_back = class == CLASS_SPACE && end < length && text[end - 1] == ' ';
    return gives_back && end - 1 > start ? end - 1 : end;
}

/** End of the word that begins at `start`, the spaces before it included. */
static uint32_t word_end(const uint8_t *text, uint32_t start, uint32_t length) {
    uint32_t end = start;
    while (end < length && text[end] == ' ') end++;
    while (end < length && text[end] != ' ') end++;
    return end;
}

/** Bytes of the character at `start`: one, and up to three that continue it. */
static uint32_t character_length(const uint8_t *text, uint32_t start, uint32_t length) {
    uint32_t end = start + 1;
    while (end < length && end < start + 4 && (text[end] & 0xc0u) == 0x80u) end++;
    return end - start;
}

/** The token of these very bytes, or SM_NO_TOKEN. */
static uint16_t find_token(const tokenizer *t, const uint8_t *bytes, uint32_t length) {
    for (uint32_t id = 0; id < t->header->token_count; id++) {
        if (t->offsets[id + 1] - t->offsets[id] != length) continue;
        const uint8_t *token = t->bytes + t->offsets[id];
        uint32_t same = 0;
        while (same < length && token[same] == bytes[same]) same++;
        if (same == length) return (uint16_t)id;
    }
    return SM_NO_TOKEN;
}

/** The merge of a pair, or NULL. */
static const uint16_t *find_merge(const tokenizer *t, uint16_t left, uint16_t right) {
    const uint32_t wanted = (uint32_t)left << 16 | right;
    uint32_t low = 0;
    uint32_t high = t->header->merge_count;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        const uint16_t *merge = t->merges[middle];
        const uint32_t pair = (uint32_t)merge[MERGE_LEFT] << 16 | merge[MERGE_RIGHT];
        if (pair == wanted) return merge;
        if (pair < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

/** Merges tokens[0, count) until no merge applies, lowest rank and leftmost first. */
static uint32_t merge_all(const tokenizer *t, uint16_t *tokens, uint32_t count) {
    while (count > 1) {
        const uint16_t *best = 0;
        uint32_t place = 0;
        for (uint32_t i = 0; i + 1 < count; i++) {
            const uint16_t *merge = find_merge(t, tokens[i], tokens[i + 1]);
            if (merge && (!best || merge[MERGE_RANK] < best[MERGE_RANK])) {
                best = merge;
                place = i;
            }
        }
        if (!best) break;
        tokens[place] = best[MERGE_PRODUCT];
        count--;
        for (uint32_t i = place + 1; i < count; i++) tokens[i] = tokens[i + 1];
    }
    return count;
}

uint32_t sm_encode(const sm_model *model, const uint8_t *text, uint32_t length, uint16_t *tokens,
                   uint32_t capacity) {
    const tokenizer t = open_tokenizer(model);
    const bool has_words = (t.header->flags & SM_TOKENIZER_WORDS) != 0;
    uint32_t count = 0;
    uint32_t piece = 0; /* first token of the piece being collected */
    uint32_t end = 0;   /* end of that piece in the text */
    if (has_words && length > 0 && t.byte_tokens[' '] != SM_NO_TOKEN) {
        if (capacity == 0) return capacity + 1;
        tokens[count++] = t.byte_tokens[' '];
        end = word_end(text, 0, length);
    }
    for (uint32_t i = 0; i < length; i++) {
        if (i == end) {
            count = piece + merge_all(&t, tokens + piece, count - piece);
            piece = count;
            end = has_words ? word_end(text, i, length) : piece_end(text, i, length);
        }
        uint16_t token = t.byte_tokens[text[i]];
        const uint32_t bytes = has_words ? character_length(text, i, length) : 1;
        if (bytes > 1) {
            const uint16_t character = find_token(&t, text + i, bytes);
            if (character != SM_NO_TOKEN) {
                token = character;
                i += bytes - 1;
            }
        }
        if (token != SM_NO_TOKEN) {
            if (count == capacity) return capacity + 1;
            tokens[count++] = token;
            continue;
        }
        count = piece + merge_all(&t, tokens + piece, count - piece);
        if (capacity - count < 3) return capacity + 1;
        tokens[count++] = t.header->escape_token;
        tokens[count++] = (uint16_t)(t.header->nibble_base + (text[i] >> 4));
        tokens[count++] = (uint16_t)(t.header->nibble_base + (text[i] & 15u));
        piece = count;
    }
    return piece + merge_all(&t, tokens + piece, count - piece);
}

void sm_decoder_init(sm_decoder *decoder) { *decoder = (sm_decoder){0, 0}; }

const uint8_t *sm_decode(sm_decoder *decoder, const sm_model *model, uint32_t token,
                         uint32_t *length) {
    const tokenizer t = open_tokenizer(model);
    *length = 0;
    if (token == t.header->escape_token) {
        decoder->seen = 1;
        return t.bytes;
    }
    const uint32_t nibble = token - t.header->nibble_base;
    if (decoder->seen != 0 && nibble < 16) {
        decoder->byte = (uint8_t)((uint32_t)decoder->byte << 4 | nibble);
        if (decoder->seen++ == 1) return t.bytes;
        decoder->seen = 0;
        *length = 1;
        return &decoder->byte;
    }
    decoder->seen = 0;
    if (token >= t.header->token_count) return t.bytes;
    *length = t.offsets[token + 1] - t.offsets[token];
    return t.bytes + t.offsets[token];
}
