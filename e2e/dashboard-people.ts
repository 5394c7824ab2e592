/** The time so many hours ago. */
const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const NEWS = { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'spring-launch' };
const GOOGLE = {
  utm_source: 'google',
  utm_medium: 'cpc',
  utm_campaign: '50%off',
  utm_term: 'project planning',
};
const FRIENDS = ['Mary', 'Omar', 'Li', 'Nils', 'Sofia'];

/** Returns the visits of many people, a few of whom log in. */
function crowd(): [string, object][] {
  return [...Array(24).keys()].flatMap((n): [string, object][] => {
    const campaign = n % 3 ? (n % 2 ? NEWS : GOOGLE) : { utm_source: 'podcast', utm_campaign: 'episode-12' };
    const visit: [string, object] = [
      'users',
      { anonymous_id: `crowd-${n}`, modified_time: at(150 - n), campaign },
    ];
    if (n % 5) return [visit];
    const name = FRIENDS[n / 5];
    const user = {
      user_id: `user_c${n}`,
      anonymous_id: `crowd-${n}`,
      modified_time: at(100 - n),
      metadata: { name },
    };
    return [visit, ['users', user]];
  });
}

/** Returns calls of Ada's pages to the site's API: one that went well, one refused, one failed, one without an answer. */
function calls(): [string, object][] {
  const call = (path: string, verb: string, hours: number, status: number | undefined, capture: object) => {
    const time = at(hours);
    const headers = { 'content-type': 'application/json' };
    const request = {
      time,
      uri: `https://www.example.com${path}`,
      verb,
      headers,
      body: { vessel: 'MS Freya' },
    };
    const response = status && {
      time,
      status,
      headers,
      body: 'eyJvayI6dHJ1ZX0=',
      transfer_encoding: 'base64',
    };
    return ['events', { user_id: 'user_a8e8a227', request, response, metadata: { _capture: capture } }];
  };
  return [
    call('/api/berths?page=2', 'GET', 49, 200, { duration_ms: 84.2, kind: 'fetch' }),
    call('/api/bookings', 'POST', 48.5, 422, { duration_ms: 51, kind: 'xhr' }),
    call('/api/bookings', 'POST', 48, 503, { duration_ms: 1204, kind: 'fetch' }),
    call('/api/tides', 'GET', 47, undefined, { duration_ms: 10_000, kind: 'fetch', error: 'timeout' }),
  ] as [string, object][];
}

/** Returns a week of a small site, oldest first. */
export function people(): [string, object][] {
  const uri = 'https://www.example.com/pricing';
  return [
    ...crowd(),
    [
      'users',
      {
        anonymous_id: 'd8dc16d1f652',
        modified_time: at(7),
        campaign: { referring_domain: 'news.example.org', referrer: 'https://news.example.org/' },
      },
    ],
    ['users', { anonymous_id: 'ada-laptop', modified_time: at(52), campaign: NEWS }],
    [
      'actions',
      {
        action_name: 'Looked at prices',
        anonymous_id: 'ada-laptop',
        request: { uri, time: at(51) },
        metadata: { plan: 'Cove' },
      },
    ],
    [
      'users',
      {
        user_id: 'user_a8e8a227',
        anonymous_id: 'ada-laptop',
        company_id: 'nordfjord',
        session_token: 'eyJhbGciOi',
        modified_time: at(50),
        metadata: { name: 'Ada Holm', email: 'ada@nordfjord.example', company: 'Nordfjord Ferries' },
      },
    ],
    ...calls(),
    [
      'users',
      {
        user_id: 'user_a5ab010f',
        modified_time: at(3),
        campaign: GOOGLE,
        metadata: {
          name: 'Jonas Tveit',
          email: 'jonas@harbour.example',
          company: 'Harbour Sensors',
          plan: 'Cove',
        },
      },
    ],
    [
      'users',
      {
        user_id: 'user_a8e8a227',
        anonymous_id: 'ada-phone',
        modified_time: at(1),
        campaign: GOOGLE,
        metadata: { plan: 'Cove' },
      },
    ],
  ];
}
