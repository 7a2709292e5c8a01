/* Numbers of the layouts that kernel.h describes, for kernels in C and in assembly. */
#ifndef STARMIND_KERNEL_LAYOUT_H
#define STARMIND_KERNEL_LAYOUT_H

/* int8: two words a column. */
#define INT8_PADDING 4
#define INT8_COLUMN_BYTES 8
/* Beside the elements of the vector as words: a word for each SM_KERNEL_COLUMNS columns. */
#define INT8_BLOCK_HEADER_BYTES 4

/* int4: a word a column. */
#define INT4_PADDING 4
#define INT4_COLUMN_BYTES 4
/* Beside the elements of the vector as words: three words for each SM_KERNEL_COLUMNS columns. */
#define INT4_BLOCK_HEADER_BYTES 12

/* ternary: blocks of 16 columns, in four groups. */
#define TERNARY_COLUMNS 16
#define TERNARY_BLOCK_BYTES 32
#define TERNARY_GROUPS 4
#define TERNARY_GROUP_COLUMNS 4
#define TERNARY_FIRST_INDEX_BIT 3
#define TERNARY_INDEX_BITS 7
#define TERNARY_INDEX_MASK 127
/* 3^4: values of an index. */
#define TERNARY_ENTRIES 81
/* Tables of the four groups of a block, entry by entry, 16 bits each. */
#define TERNARY_TABLE_BYTES 648
/* What is added to a sum of four elements, so that it is not negative. */
#define TERNARY_BIAS 508

#endif
