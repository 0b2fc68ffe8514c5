import { proofs as C } from "./C.ts";
import { proofs as D } from "./D.ts";
import { proofs as K } from "./K.ts";
import { proofs as L } from "./L.ts";
import { proofs as M } from "./M.ts";
import { proofs as N } from "./N.ts";
import { proofs as O } from "./O.ts";
import { proofs as P } from "./P.ts";
import type { Proof, RowProof, Unproven } from "./proof.ts";
import { proofs as R } from "./R.ts";
import { proofs as S } from "./S.ts";
import { proofs as T } from "./T.ts";
import { proofs as U } from "./U.ts";
import { proofs as V } from "./V.ts";
import { proofs as W } from "./W.ts";
import { proofs as X } from "./X.ts";
import { proofs as Y } from "./Y.ts";

const all: readonly RowProof[] = [N, R, T, P, S, D, O, M, C, K, Y, X, L, W, V, U].flat();

/** Every proof, in the order of the matrix. */
export const proofs: readonly Proof[] = all.filter((each) => "replace" in each);

/** Rows without a proof, each with why. */
export const unproven: readonly Unproven[] = all.filter((each) => "unproven" in each);
