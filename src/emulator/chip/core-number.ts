/** One of the two cores, as the CPUID of its SIO says. */
export type CoreNumber = 0 | 1;
