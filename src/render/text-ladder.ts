import type { Probe, Rung } from "../domain/probe.ts";
import { laddersOf, rungFacts } from "./ladder.ts";
import { fields, paragraph } from "./page.ts";
import { plainName } from "./plain-text.ts";
import type { Style } from "./style.ts";

function sign(rung: Rung, style: Style): string {
  if (rung.outcome === "passed") return style.glyphs.fine;
  return rung.outcome === "failed" ? style.glyphs.failing : style.glyphs.skipped;
}

/** For `-v`: every probe with its steps, addresses and times. */
export function textLadders(probes: readonly Probe[], width: number, style: Style): string[] {
  return laddersOf(probes).flatMap(({ asked, image, as, via, steps }) => {
    const mirror = via === undefined ? "" : `, at ${plainName(via)}`;
    return [
      ...paragraph(`${style.plain(asked)} of ${plainName(image)}, ${style.plain(as)}${mirror}`, width, 2),
      ...fields(
        steps.map((rung) => ({
          label: `${sign(rung, style)} ${style.plain(rung.step)} ${rung.outcome}`,
          text: style.plain(rungFacts(rung)),
        })),
        width,
        4,
        style.faint,
      ),
    ];
  });
}
