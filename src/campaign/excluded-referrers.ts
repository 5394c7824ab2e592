/**
 * Hosts that a visitor passes on the way back to the site, to sign in or to pay. None of them is where the visitor
 * came from.
 *
 * - `host` includes its subdomains.
 * - `.host` means the subdomains but not `www`, where the host itself is a site that may well refer.
 * - `host/path` is one part of a host that does other things too. It is seen only where the browser sends the path,
 *   which most do not across sites.
 *
 * Of a `.com` its countries' hosts count too: `accounts.google.co.in`, `login.microsoftonline.us`.
 *
 * The list holds the common hosts. Your own identity provider and your customers' banks are not on it: add those with
 * `excludeReferrers`.
 */
export const INTERMEDIARIES: readonly string[] =
  // Signing in
  (
    'accounts.google.com accounts.youtube.com microsoftonline.com login.live.com login.yahoo.com ' +
    'login.salesforce.com appleid.apple.com account.apple.com amazoncognito.com b2clogin.com ciamlogin.com .okta.com ' +
    '.okta-emea.com .oktapreview.com .auth0.com .onelogin.com .pingone.com .duosecurity.com .workos.com ' +
    'github.com/login linkedin.com/oauth facebook.com/dialog ' +
    // Paying
    'paypal.com pay.amazon.com .stripe.com .klarna.com .affirm.com .afterpay.com ' +
    '.adyen.com .worldpay.com .authorize.net .braintreegateway.com .checkout.com .mollie.com .paddle.com .razorpay.com ' +
    '.payu.com .alipay.com .cardinalcommerce.com'
  ).split(' ');
