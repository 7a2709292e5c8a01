/**
 * First value of a field that counts beyond the 31 bits of V8's small integers; its constructor sets
 * it to 0 at once. V8 stores NaN as a double, and keeps the field a double from then on. A field that
 * becomes a double later changes the hidden class of its object, and V8 then throws away the
 * optimised functions that know the class.
 */
export const longCount = NaN;
