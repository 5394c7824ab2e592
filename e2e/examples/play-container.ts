import { readFileSync } from 'node:fs';

/** What is read of a container that Tag Manager exports. */
interface Parameter {
  key?: string;
  value?: string;
  list?: Parameter[];
}
interface Container {
  containerVersion: {
    tag: { tagId: string; parameter: Parameter[]; firingTriggerId: string[]; consentSettings: Consent }[];
    trigger: { triggerId: string; customEventFilter: { parameter: Parameter[] }[] }[];
    variable: { name: string; type: string; parameter: Parameter[] }[];
  };
}
interface Consent {
  consentStatus: string;
  consentType?: Parameter;
}

const readParameter = (parameters: Parameter[], key: string) =>
  parameters.find(each => each.key === key)?.value ?? '';

/** The event of the trigger "Initialization – All Pages", by its fixed id. */
const INITIALIZATION: [string, string] = ['2147479573', 'gtm.init'];

/**
 * Makes a script that stands in for `gtm.js`: it plays the Custom HTML tags, triggers, constants and consent of an exported
 * container. `constants` are the values that the site has given instead of the container's own.
 */
export function playContainer(path: string, constants: Record<string, string>): string {
  const { tag, trigger, variable }: Container['containerVersion'] = JSON.parse(
    readFileSync(path, 'utf8'),
  ).containerVersion;
  const events = new Map([
    INITIALIZATION,
    ...trigger.map(({ triggerId, customEventFilter: [filter] }): [string, string] => [
      triggerId,
      readParameter(filter?.parameter ?? [], 'arg1'),
    ]),
  ]);
  const own = variable
    .filter(({ type }) => type === 'c')
    .map(({ name, parameter }): [string, string] => [
      name,
      constants[name] ?? readParameter(parameter, 'value'),
    ]);
  const known = new Map(own);
  const tags = tag.map(({ parameter, firingTriggerId, consentSettings }) => ({
    html: readParameter(parameter, 'html').replace(/{{(.*?)}}/g, (_, name) => {
      const value = known.get(name);
      if (value === undefined) throw new Error(`The container has no constant "${name}".`);
      return value;
    }),
    events: firingTriggerId.map(id => {
      const event = events.get(id);
      if (!event) throw new Error(`The container has no trigger ${id}.`);
      return event;
    }),
    needs:
      consentSettings.consentStatus === 'NEEDED'
        ? consentSettings.consentType?.list?.map(({ value }) => value)
        : [],
  }));
  return `(tags => {
    const granted = {};
    const fire = event => {
      for (const tag of tags) {
        if (tag.isFired || !tag.events.includes(event) || !tag.needs.every(type => granted[type] === 'granted')) continue;
        tag.isFired = true;
        document.body.append(document.createRange().createContextualFragment(tag.html));
      }
    };
    const take = message => {
      if (message[0] === 'consent') return Object.assign(granted, message[2]);
      if (message.event === 'gtm.js') fire('gtm.init');
      fire(message.event);
    };
    const run = () => {
      dataLayer.forEach(take);
      const push = dataLayer.push.bind(dataLayer);
      dataLayer.push = message => { push(message); take(message); };
    };
    document.body ? run() : addEventListener('DOMContentLoaded', run);
  })(${JSON.stringify(tags)});`;
}
