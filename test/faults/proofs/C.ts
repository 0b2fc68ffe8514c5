import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "C1", unproven: "Not tried yet." },
  { row: "C2", unproven: "Not tried yet." },
  { row: "C3", unproven: "Not tried yet." },
  { row: "C4", unproven: "Not tried yet." },
  { row: "C5", unproven: "Not tried yet." },
  { row: "C6", unproven: "Not tried yet." },
  { row: "C7", unproven: "Not tried yet." },
  { row: "C9", unproven: "Not tried yet." },
  { row: "C10", unproven: "Not tried yet." },
  { row: "C11", unproven: "Not tried yet." },
  { row: "C12", unproven: "Not tried yet." },
];
