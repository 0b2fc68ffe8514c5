import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "Y1", unproven: "Not tried yet." },
  { row: "Y2", unproven: "Not tried yet." },
  { row: "Y3", unproven: "Not tried yet." },
  { row: "Y4", unproven: "Not tried yet." },
  { row: "Y5", unproven: "Not tried yet." },
  { row: "Y6", unproven: "Not tried yet." },
  { row: "Y7", unproven: "Not tried yet." },
  { row: "Y8", unproven: "Not tried yet." },
];
