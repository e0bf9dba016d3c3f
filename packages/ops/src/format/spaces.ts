/** A narrow space at which no line breaks: between a number and its unit, and at thousands. */
export const THIN_SPACE = "\u202f";
