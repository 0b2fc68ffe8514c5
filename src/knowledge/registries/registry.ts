import type { Meaning, Step } from "../../domain/probe.ts";

/** One answer of a registry or its token server, as far as its meaning depends on it. */
export interface Observation {
  readonly step: Step;
  readonly status: number;
  readonly method?: "HEAD" | "GET" | "POST";
  /** Names in lower case; several lines of one name joined with a line feed. */
  readonly headers?: ReadonlyMap<string, string>;
  /** The registry's own error code, as written: see `readErrorBody`. */
  readonly code?: string;
  readonly message?: string;
  readonly body?: BodyShape;
  /** Whether the question was asked with a login, at any step of it. */
  readonly withLogin: boolean;
  /** How this very request was authorised; absent where it carried no Authorization. */
  readonly scheme?: "basic" | "bearer";
  /** The `error` parameter of the challenge that came with it, e.g. `insufficient_scope`. */
  readonly challengeError?: string;
}

/** What a body looks like: the specification's `{errors:[…]}`, other JSON, a page, plain text, nothing. */
export type BodyShape = "errors" | "json" | "html" | "text" | "empty";

/** When all that is named here holds, the answer means `means`. What is left out is not looked at. */
export interface MeaningRule {
  readonly step?: Step | readonly Step[];
  readonly status?: number | readonly number[];
  readonly method?: "HEAD" | "GET" | "POST";
  /** Compared without regard to case. */
  readonly code?: string | readonly string[];
  /** Any of these phrases in the message or in the code, in lower case. A rule that asks for one may speak about HTML pages too. */
  readonly says?: string | readonly string[];
  readonly body?: BodyShape | readonly BodyShape[];
  readonly withLogin?: boolean;
  readonly scheme?: "basic" | "bearer" | "none";
  readonly challengeError?: string;
  readonly means: Meaning;
  /** Repository and path, or URL. */
  readonly source: string;
}

/**
 * How to tell a registry that anybody can run: by its answers. All that one sign names must hold.
 * `realm` and `realmPath` are compared with the challenge (exactly, and as the end of the URL's path), `header` by name and start of value.
 */
export interface Sign {
  readonly header?: readonly [name: string, start: string];
  readonly scheme?: "basic" | "bearer";
  readonly realm?: string;
  readonly realmPath?: string;
  readonly service?: string | "the host itself";
  readonly scope?: string;
}

/** What the probe must not do to this registry. */
export interface Politeness {
  /** Do not list tags: it is billed, switched off, or answers with an error. */
  readonly tags?: "never";
  /** Refused logins, if there are several, get the caller's address banned. */
  readonly bansForRefusedLogins?: true;
  /** Milliseconds between two requests. */
  readonly gap?: number;
  /** GET of a manifest counts as a pull; HEAD does not. */
  readonly getCounts?: true;
  /** Largest `n` of a tag list. */
  readonly tagsPage?: number;
}

/** What a remedy needs to know to write its command. Names are quoted by the builder. */
export interface SecretRequest {
  /** Registry host as in the image reference, with its port. */
  readonly host: string;
  readonly namespace: string;
  readonly secret: string;
  readonly repository?: string;
  /** The user name in use, where it is fit to be used again. */
  readonly username?: string;
  /** The Secret is there and of the legacy type kubernetes.io/dockercfg: a type cannot be changed, so it must be kept. */
  readonly legacy?: true;
}

/** How somebody gets a login for this registry and puts it into a pull secret. No secret is ever part of it. */
export interface LoginGuide {
  /** Where a login for pulling is made. */
  readonly console?: string;
  /** What kind of login works, one phrase: `a deploy token with scope read_registry`. */
  readonly wanted: string;
  /** The user name that goes with it; upper-case words are placeholders. */
  readonly username: string;
  /** A command that prints a fresh password, for `$(…)`; left out where one must be made in the console. */
  readonly passwordCommand?: (host: string) => string;
  /** The key under `auths` that the kubelet matches; left out where it is the host. */
  readonly server?: string;
  /** How long a login lives, where that is why it fails again: `12 hours`. */
  readonly lifetime?: string;
  /** What keeps it from failing again. */
  readonly lasting?: string;
}

/** One more thing to do, for the meanings it helps with. */
export interface Advice {
  readonly when: readonly Meaning[];
  readonly title: string;
  readonly command?: (request: SecretRequest) => string;
}

/**
 * How a registry departs from the distribution specification; all that is particular to it stands in its file.
 * A field left out means "as the specification says". To add one: copy a neighbour, `npm run generate`, `npm test`.
 */
export interface Dialect {
  readonly id: string;
  readonly name: string;
  /**
   * Hosts, label by label: `*` stands for one or more of a–z, 0–9, `-`, `_` within one label, `#` for one digit. Never a substring or a suffix.
   * Empty for registries that anybody can run.
   */
  readonly hosts: readonly string[];
  readonly signs?: readonly Sign[];
  /** Others show the same signs: theirs are looked for first. */
  readonly sharedSigns?: true;
  /** Where requests for an image of `host` go. */
  readonly requestHost?: (host: string) => string;
  /** Hosts beside the registry's own that may be sent the login as its token server; patterns as in `hosts`. */
  readonly realmHosts?: readonly string[];
  readonly challenge?: {
    /** A 401 may come without a challenge: `/v2/` has one. */
    readonly mayBeMissing?: true;
  };
  /** The token server answers POST with this; not a verdict, ask by GET. */
  readonly postStatus?: number;
  /** A wrong login gets an anonymous token and 200: only a token request without scope tells. */
  readonly masksRefusedLogin?: true;
  /**
   * A good login without a right to the repository is refused by the token server in the same way as a wrong one: only a token
   * request without scope tells. Left out: a login that was refused once is not sent again.
   */
  readonly refusesLoginWithoutRight?: true;
  /** The token server gives a token to whoever brings no login: where it refuses even nobody's, it is out of order. */
  readonly givesEverybodyAToken?: true;
  /** The token server takes any login where nobody needs one: that it takes this one proves nothing. */
  readonly takesAnyLogin?: true;
  /** What is not for somebody may be answered as if it were not there, by 404. */
  readonly hidesAsAbsent?: true;
  /** A missing tag may be answered 403, to somebody who may read the rest: the list of tags decides. */
  readonly refusesMissingTag?: true;
  /** The cloud's own nodes log in by themselves, with a login that no Secret shows (the kubelet's credential providers). */
  readonly nodesLogIn?: true;
  /** Phrases, in lower case, of a refusal for want of a right that may have another reason: the code of that cause. */
  readonly mayMean?: readonly { readonly says: string; readonly code: string }[];
  /** Seconds that a token lives which does not say so itself. */
  readonly tokenLifetime?: number;
  /** What user names look like; one that does not fit is a suspicion, never proof. */
  readonly username?: { readonly fits: (username: string) => boolean; readonly text: string };
  /** User names that mean this registry, and no other but those that share them. */
  readonly ownUsers?: readonly string[];
  /** The only password that works: its shape (`Credential.shape`), and what it is. */
  readonly password?: { readonly shape: string; readonly text: string };
  /** Hosts that layers come from, by which a failure there is known from one of the registry (`servesLayers`). Patterns as in `hosts`. */
  readonly blobHosts?: readonly string[];
  /** Header with what is left of a pull limit; `0;w=21600` or `0` means nothing. */
  readonly remainingHeader?: string;
  readonly politeness?: Politeness;
  /** First match wins, before the specification's own. */
  readonly meanings?: readonly MeaningRule[];
  readonly login?: LoginGuide;
  readonly advice?: readonly Advice[];
}

/** Gives the compiler's help to a registry's file, and a place for the rules that all of them keep. */
export function defineRegistry(dialect: Dialect): Dialect {
  return dialect;
}
