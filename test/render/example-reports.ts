import type { Credential } from "../../src/domain/credential.ts";
import type { ContainerRef, Diagnosis } from "../../src/domain/diagnosis.ts";
import type { Probe } from "../../src/domain/probe.ts";
import { Redacted } from "../../src/domain/redacted.ts";
import type { Report } from "../../src/domain/report.ts";

/** Must never be seen in any format. */
export const canary = "canary-Pa55w0rd";

const regcred: Credential = {
  source: { kind: "pull-secret", namespace: "shop", secret: "regcred", key: "registry.example.com" },
  username: "ci-bot",
  password: new Redacted(canary),
};

const loginRefusedProbe: Probe = {
  question: {
    kind: "manifest",
    reference: {
      text: "registry.example.com/shop/web:1.4",
      registry: "registry.example.com",
      repository: "shop/web",
      tag: "1.4",
    },
    as: { kind: "login", credential: regcred },
  },
  answer: {
    kind: "refused",
    step: "token",
    meaning: "login-refused",
    words: { status: 401, code: "UNAUTHORIZED", message: "authentication required" },
  },
  ladder: [
    { step: "resolve", outcome: "passed", host: "registry.example.com", detail: "203.0.113.7", milliseconds: 3.2 },
    { step: "connect", outcome: "passed", host: "203.0.113.7:443", milliseconds: 11 },
    { step: "tls", outcome: "passed", detail: "TLSv1.3, issued by Example Root CA", milliseconds: 14.6 },
    {
      step: "challenge",
      outcome: "passed",
      request: "GET https://registry.example.com/v2/",
      status: 401,
      detail: "Bearer, realm https://auth.example.com/token",
      milliseconds: 9,
    },
    {
      step: "token",
      outcome: "failed",
      request: "GET https://auth.example.com/token",
      status: 401,
      detail: "UNAUTHORIZED: authentication required",
      milliseconds: 41,
    },
    { step: "manifest", outcome: "skipped" },
  ],
};

const mirrorProbe: Probe = {
  question: {
    ...loginRefusedProbe.question,
    as: { kind: "anonymous" },
    via: { scheme: "https", host: "mirror.example.com", path: "/v2", capabilities: ["pull"] },
  },
  answer: {
    kind: "refused",
    step: "manifest",
    meaning: "absent",
    words: { status: 404 },
  },
  ladder: [
    {
      step: "manifest",
      outcome: "failed",
      request: "HEAD https://mirror.example.com/v2/shop/web/manifests/1.4",
      status: 404,
      milliseconds: 18,
    },
  ],
};

const web: ContainerRef = {
  namespace: "shop",
  pod: "web-6f9c7d8b5-x2x7p",
  container: "web",
  node: "node-a",
  owner: "Deployment/web",
};

export const loginRefused: Diagnosis = {
  code: "login-refused",
  certainty: "certain",
  title: "The registry refuses the login in the pull secret",
  explanation:
    "The pod names a pull secret with an entry for this registry, so the kubelet sends that login, and the registry's token server answers 401. " +
    "Either the password was changed, or the account is gone.",
  cause: {
    title: "The registry refuses the login that was sent",
    explanation: "A login was sent and the registry did not accept it.",
  },
  retryable: false,
  image: "registry.example.com/shop/web:1.4",
  containers: [web],
  evidence: [
    {
      source: "event",
      text: "failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.example.com/token?scope=repository%3Ashop%2Fweb%3Apull&service=registry.example.com: 401 Unauthorized",
      at: "2026-11-25T10:04:12Z",
    },
    { source: "secret regcred", text: 'entry "registry.example.com" matches the image; its user is ci-bot' },
    { source: "token server", text: "401 UNAUTHORIZED: authentication required", at: "2026-11-25T10:08:00Z" },
  ],
  attempts: [
    {
      credential: 'secret regcred, entry "registry.example.com", user ci-bot',
      from: "pod",
      step: "token",
      outcome: "refused",
      status: 401,
      detail: "UNAUTHORIZED: authentication required",
    },
    { credential: "anonymous", from: "nobody", step: "manifest", outcome: "refused", status: 401 },
  ],
  remedies: [
    {
      title: "Put the current login into the secret regcred; this changes the secret for every pod that names it",
      command:
        'kubectl create secret docker-registry regcred -n shop --docker-server=registry.example.com --docker-username="$REGISTRY_USER" --docker-password="$REGISTRY_PASSWORD" --dry-run=client -o yaml | kubectl apply -f -',
    },
    {
      title: "Then let the kubelet try again at once; this replaces the pod",
      command: "kubectl delete pod web-6f9c7d8b5-x2x7p -n shop",
    },
  ],
  alternatives: [],
  probes: [loginRefusedProbe, mirrorProbe],
};

const absentOrPrivate: Diagnosis = {
  code: "private-or-missing",
  certainty: "possible",
  title: "The image is private, or it does not exist",
  explanation:
    "Docker Hub gives the same answer for a private repository and for one that does not exist. No login was sent, so which of the two it is cannot be told from here.",
  retryable: false,
  image: "acme/internal-api:2.0",
  containers: [{ namespace: "default", pod: "api-0", container: "api", node: "kind-worker" }],
  evidence: [
    {
      source: "event",
      text: "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      at: "2026-11-25T10:07:31Z",
    },
    { source: "registry", text: "401 UNAUTHORIZED for docker.io/acme/internal-api, asked without a login" },
  ],
  attempts: [{ credential: "anonymous", from: "nobody", step: "manifest", outcome: "refused", status: 401 }],
  remedies: [
    { title: "Look whether the repository exists: https://hub.docker.com/r/acme/internal-api" },
    {
      title: "If it is private, give the pod's service account a login; this changes all new pods that use it",
      command: `kubectl patch serviceaccount default -n default -p '{"imagePullSecrets":[{"name":"regcred"}]}'`,
    },
  ],
  alternatives: ["repository-not-found", "no-credentials"],
  probes: [],
};

const unknownCa: Diagnosis = {
  code: "tls-unknown-ca",
  certainty: "likely",
  title: "The node does not trust the registry's certificate",
  explanation: "The certificate of the registry is signed by an authority that the node does not know.",
  retryable: false,
  image: "registry.internal:5000/base/java:17",
  containers: [
    { namespace: "billing", pod: "ledger-0", container: "migrate", node: "node-b" },
    { namespace: "billing", pod: "ledger-1", container: "migrate", node: "node-c" },
  ],
  evidence: [
    {
      source: "pod status",
      text: "tls: failed to verify certificate: x509: certificate signed by unknown authority",
      at: "2026-11-25T08:01:00Z",
    },
  ],
  attempts: [
    {
      credential: "anonymous",
      from: "nobody",
      step: "tls",
      outcome: "unreachable",
      detail: "issued by CN=Internal CA, which this machine does not trust either",
    },
  ],
  remedies: [
    {
      title: "Put the authority's certificate on each node; containerd reads it from its hosts directory",
    },
  ],
  alternatives: [],
  probes: [],
};

const rateLimited: Diagnosis = {
  code: "rate-limited",
  certainty: "likely",
  title: "Docker Hub's pull limit is used up",
  explanation: "Docker Hub counts pulls without a login by address, and the nodes share one.",
  retryable: true,
  image: "nginx:1.27",
  containers: [{ namespace: "web", pod: "front-7d9f", container: "nginx", node: "node-a", owner: "Deployment/front" }],
  evidence: [
    {
      source: "event",
      text: "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.",
      at: "2026-11-23T10:08:00Z",
    },
  ],
  attempts: [],
  remedies: [{ title: "Wait six hours, or pull with a login" }],
  alternatives: [],
  probes: [],
};

const manyPods: Diagnosis = {
  ...loginRefused,
  containers: Array.from({ length: 40 }, (_, index) => ({
    namespace: "shop",
    pod: `web-6f9c7d8b5-${(index + 1296 * 17).toString(36)}`,
    container: "web",
    node: `node-${"abcde".charAt(index % 5)}`,
    owner: "Deployment/web",
  })),
};

const base = {
  schemaVersion: "1",
  at: "2026-11-25T10:08:03Z",
  version: "0.1.0",
  probed: true,
  gaps: [],
} as const;

const forbiddenSecrets = {
  what: "secrets in namespace shop",
  why: "not allowed to get secrets",
  remedy: "kubectl imagedoctor rbac -n shop | kubectl apply -f -",
};

/** What a hostile registry, cluster or colleague could write anywhere. */
export const hostileText =
  "a\u001b[2J\u001b]8;;http://evil.example\u0007b\r\n::error file=a::pwned ##[error]x ##vso[task.setvariable]y\u202egpj.exe\u200b\u00ad\u{e0041}\u0085\u2028\ud800 z|| `code` ```fence``` ~~~ <img src=x onerror=alert(1)> ](http://evil.example) @team #123 GH-12 !5 $(rm -rf ~) ]]> &amp; <!-- --> https://user:canary-Pa55w0rd@evil.example/p?sig=canary-Pa55w0rd&scope=ok e\u0301\u0301\u0301\u0301\u0301\u0301 \uff57\uff49\uff44\uff45 😀 Ａ";

const hostile: Diagnosis = {
  code: hostileText,
  certainty: "likely",
  title: hostileText,
  explanation: hostileText,
  retryable: false,
  image: hostileText,
  containers: [
    { namespace: hostileText, pod: hostileText, container: hostileText, node: hostileText, owner: hostileText },
  ],
  evidence: [
    { source: hostileText, text: hostileText, at: hostileText },
    { source: "event", text: `::set-env name=PATH::/evil ${hostileText}`, at: "2026-11-25T10:04:12Z" },
  ],
  attempts: [
    {
      credential: hostileText,
      from: hostileText,
      step: hostileText,
      outcome: hostileText,
      status: 401,
      detail: hostileText,
    },
  ],
  remedies: [
    { title: hostileText, command: "kubectl get pod\n::error::x" },
    { title: "Harmless", command: "kubectl get pod 'web' # ```" },
  ],
  alternatives: [hostileText],
  probes: [
    {
      ...loginRefusedProbe,
      ladder: [
        { step: "token", outcome: "failed", host: hostileText, request: hostileText, status: 401, detail: hostileText },
      ],
    },
  ],
};

/** Reports as a run makes them, one for each shape that a reader meets. */
export const exampleReports = {
  single: {
    ...base,
    target: { context: "prod-eu", namespace: "shop", kind: "named", subject: "pod/web-6f9c7d8b5-x2x7p", examined: 1 },
    diagnoses: [loginRefused],
    command: "kubectl imagedoctor web-6f9c7d8b5-x2x7p -n shop",
  },
  ambiguous: {
    ...base,
    target: { namespace: "default", kind: "named", subject: "pod/api-0", examined: 1 },
    diagnoses: [absentOrPrivate],
    command: "kubectl imagedoctor api-0",
  },
  "forty-pods": {
    ...base,
    target: { context: "prod-eu", namespace: "shop", kind: "named", subject: "deployment/web", examined: 44 },
    diagnoses: [manyPods],
    command: "kubectl imagedoctor deployment/web -n shop",
  },
  "three-causes": {
    ...base,
    target: { context: "prod-eu", kind: "failing", subject: "failing pods of all namespaces", examined: 120 },
    diagnoses: [loginRefused, unknownCa, rateLimited],
    gaps: [forbiddenSecrets],
    command: "kubectl imagedoctor -A",
  },
  healthy: {
    ...base,
    target: { namespace: "shop", kind: "named", subject: "pod/web-6f9c7d8b5-x2x7p", examined: 1 },
    diagnoses: [],
    healthy: [{ image: "registry.example.com/shop/web:1.4", container: web }],
    command: "kubectl imagedoctor web-6f9c7d8b5-x2x7p -n shop",
  },
  partial: {
    ...base,
    target: { namespace: "shop", kind: "named", subject: "deployment/web", examined: 3 },
    diagnoses: [],
    gaps: [forbiddenSecrets, { what: "node node-a", why: "the API server did not answer within 10 s" }],
    probed: false,
    interrupted: true,
    command: "kubectl imagedoctor deployment/web -n shop --no-probe",
  },
  planned: {
    ...base,
    target: { kind: "planned", subject: "-f deploy/web.yaml", examined: 2 },
    diagnoses: [
      {
        ...absentOrPrivate,
        containers: [
          { namespace: "default", owner: "Deployment/api", container: "api", file: "deploy/web file.yaml", line: 12 },
        ],
      },
    ],
    command: "kubectl imagedoctor -f deploy/web.yaml -o sarif",
  },
  hostile: {
    ...base,
    target: { context: hostileText, namespace: hostileText, kind: "named", subject: hostileText, examined: 1 },
    diagnoses: [hostile, { ...hostile, certainty: "possible" }],
    gaps: [{ what: hostileText, why: hostileText, remedy: hostileText }],
    version: hostileText,
    command: hostileText,
    interrupted: true,
  },
} satisfies Record<string, Report>;

export type ExampleName = keyof typeof exampleReports;

export const exampleNames = Object.keys(exampleReports) as ExampleName[];
