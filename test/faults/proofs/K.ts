import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "K1", unproven: "Not tried yet." },
  { row: "K2", unproven: "Not tried yet." },
  { row: "K3", unproven: "Not tried yet." },
  { row: "K4", unproven: "Not tried yet." },
  { row: "K5", unproven: "Not tried yet." },
  { row: "K6", unproven: "Not tried yet." },
  { row: "K7", unproven: "Not tried yet." },
  { row: "K8", unproven: "Not tried yet." },
  { row: "K9", unproven: "Not tried yet." },
  { row: "K10", unproven: "Not tried yet." },
  { row: "K11", unproven: "Not tried yet." },
  { row: "K12", unproven: "Not tried yet." },
  { row: "K13", unproven: "Not tried yet." },
  { row: "K14", unproven: "Not tried yet." },
];
