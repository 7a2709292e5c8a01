/**
 * A story line. Acts become paragraphs; an act is a row of beats; each beat is told in one of its
 * variants, and an empty variant leaves it out.
 */
export interface Plot {
  name: string;
  acts: readonly (readonly (readonly string[])[])[];
}
