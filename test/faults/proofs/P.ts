import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "P1", unproven: "Not tried yet." },
  { row: "P2", unproven: "Not tried yet." },
  { row: "P3", unproven: "Not tried yet." },
  { row: "P4", unproven: "Not tried yet." },
  { row: "P5", unproven: "Not tried yet." },
  { row: "P6", unproven: "Not tried yet." },
  { row: "P7", unproven: "Not tried yet." },
  { row: "P8", unproven: "Not tried yet." },
  { row: "P9", unproven: "Not tried yet." },
  { row: "P10", unproven: "Not tried yet." },
];
