/**
 * A story line. Acts become paragraphs; an act is a row of beats; the narrator chooses one of a
 * beat's variants, and an empty variant leaves the beat out.
 */
export interface Plot {
  name: string;
  acts: readonly (readonly (readonly string[])[])[];
}
