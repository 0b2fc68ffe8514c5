/**
 * Second-level names under country domains that are sold like top-level domains. The public suffix list is 250 kB;
 * these few, with places where strangers rent names side by side, are enough to never call two owners one.
 */
const secondLevel = new Set(
  "ac asn co com edu gob gov gouv go id info ltd mil me mod ne net nhs nom or org plc police pri sch school web k12 in firm gen idf muni".split(
    " ",
  ),
);

/** Domains below which every name may have another owner (the private part of the public suffix list, https://publicsuffix.org). */
const shared = new Set(
  `amazonaws.com amazonaws.com.cn aliyuncs.com appspot.com azurecontainer.io azurecontainerapps.io azurecr.cn azurecr.de azurecr.io
   azurecr.us azurewebsites.net blob.core.windows.net windows.net cloudapp.net cloudapp.azure.com cloudflare.net cloudflarestorage.com
   cloudfront.net cluster.local svc.cluster.local codeberg.page cr.aws digitaloceanspaces.com dkr.ecr.aws duckdns.org edgesuite.net
   fastly.net firebaseapp.com fly.dev gcr.io github.dev github.io githubpreview.dev gitlab.io googleapis.com herokuapp.com huaweicloud.com
   jfrog.io lambda-url.aws localhost.run loca.lt myhuaweicloud.com netlify.app ngrok-free.app ngrok.app ngrok.dev ngrok.io nip.io no-ip.org
   ocir.io on.aws onrender.com oraclecloud.com pages.dev pkg.dev r2.dev railway.app rep.pkg.dev repl.co run.app scw.cloud sslip.io
   tencentcloudcr.com traefik.me trafficmanager.net trycloudflare.com up.railway.app usercontent.goog vercel.app web.app workers.dev
   xip.io`.split(/\s+/),
);

/**
 * The domain that one owner holds: `auth.eu.example.co.uk` → `example.co.uk`. Undefined for a single label, for a public or shared suffix
 * itself, and for anything that is not a plain ASCII host name; two such hosts are the same only if they are equal.
 */
export function registrableDomain(hostname: string): string | undefined {
  const labels = hostname.toLowerCase().replace(/\.$/, "").split(".");
  if (labels.length < 2 || !labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)))
    return undefined;
  const size = suffixLength(labels);
  return labels.length > size ? labels.slice(-size - 1).join(".") : undefined;
}

function suffixLength(labels: readonly string[]): number {
  for (let size = Math.min(labels.length, 5); size > 1; size -= 1)
    if (shared.has(labels.slice(-size).join("."))) return size;
  const [second = "", top = ""] = labels.slice(-2);
  return top.length === 2 && secondLevel.has(second) ? 2 : 1;
}
