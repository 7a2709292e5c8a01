/* The rows that the hash picks against the vectors of the golden file that is named. */
#include "check.h"
#include "ngram_hash.h"

int main(int argc, char **argv) {
    CHECK(argc == 2);
    FILE *file = fopen(argv[1], "r");
    CHECK(file != NULL);
    unsigned layer, order, bits, row, vectors = 0;
    while (fscanf(file, "%u %u %u %u", &layer, &order, &bits, &row) == 4) {
        uint16_t recent[SM_NGRAM_LONGEST];
        CHECK(order <= SM_NGRAM_LONGEST);
        for (unsigned i = 0; i < order; i++) {
            unsigned token;
            CHECK(fscanf(file, "%u", &token) == 1);
            recent[i] = (uint16_t)token;
        }
        CHECK(sm_ngram_row(layer, order, recent, bits) == row);
        vectors++;
    }
    CHECK(feof(file) && vectors > 50);
    fclose(file);
    return 0;
}
