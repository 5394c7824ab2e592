import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { optionNames } from '../../src/options/options.ts';
import { templateCode as code, section, sections } from './template.ts';

const required = [...code.matchAll(/require\('(\w+)'\)/g)].map(([, name]) => `${name}`);

type Parameter = { name: string; type: string };
type Value = { listItem: { string?: string; mapValue?: { string?: string; boolean?: boolean }[] }[] };
type Permission = { instance: { key: { publicId: string }; param: { key: string; value: Value }[] } };
const permissions = new Map(
  (JSON.parse(section('WEB_PERMISSIONS')) as Permission[]).map(({ instance: { key, param } }) => [
    key.publicId,
    param[0]?.value.listItem ?? [],
  ]),
);

/** The sandbox's functions that need no permission (Tag Manager's documentation, "Custom template APIs"). */
const FREE = ['encodeUriComponent'];
/** The permission that each of the others needs. */
const NEEDED: Record<string, string> = {
  addConsentListener: 'access_consent',
  callInWindow: 'access_globals',
  injectScript: 'inject_script',
  isConsentGranted: 'access_consent',
};

type Function = (...given: unknown[]) => unknown;

/** Runs a scenario of the template's tests as Tag Manager's editor does. */
function playScenario(scenario: string) {
  const calls: [string, unknown[]][] = [];
  const mocks = new Map<string, unknown>();
  const call =
    (name: string): Function =>
    (...given) => {
      calls.push([name, given]);
      const stand = mocks.get(name);
      return typeof stand === 'function' ? stand(...given) : stand;
    };
  const sandbox = {
    mock: (name: string, stand: unknown) => mocks.set(name, stand),
    runCode(data: object) {
      const own = { gtmOnSuccess: call('gtmOnSuccess'), gtmOnFailure: call('gtmOnFailure') };
      const load = (name: string) => (name === 'encodeUriComponent' ? encodeURIComponent : call(name));
      new Function('require', 'data', code)(load, { ...data, ...own });
    },
    assertThat: (value: unknown) => ({ isEqualTo: (wanted: unknown) => expect(value).toEqual(wanted) }),
    assertApi: (name: string) => {
      const own = () => calls.filter(([each]) => each === name).map(([, given]) => given);
      return {
        wasCalled: () => expect(own(), name).not.toEqual([]),
        wasNotCalled: () => expect(own(), name).toEqual([]),
        wasCalledWith: (...given: unknown[]) => expect(own(), name).toContainEqual(given),
      };
    },
  };
  new Function(...Object.keys(sandbox), scenario)(...Object.values(sandbox));
}

it('has the sections that the gallery asks for, in its order', () => {
  expect([...sections.keys()]).toEqual([
    'TERMS_OF_SERVICE',
    'INFO',
    'TEMPLATE_PARAMETERS',
    'SANDBOXED_JS_FOR_WEB_TEMPLATE',
    'WEB_PERMISSIONS',
    'TESTS',
    'NOTES',
  ]);
  expect(section('TERMS_OF_SERVICE')).toContain('https://developers.google.com/tag-manager/gallery-tos');
  expect(JSON.parse(section('INFO'))).toMatchObject({ type: 'TAG', containerContexts: ['WEB'] });
});

it('asks for each field that its code reads, and for no other', () => {
  const fields = (JSON.parse(section('TEMPLATE_PARAMETERS')) as Parameter[]).map(({ name }) => name);
  const read = [...code.matchAll(/\bdata\.(?!gtmOn)(\w+)/g)].map(([, name]) => name);
  expect(fields.sort()).toEqual([...new Set(read)].sort());
});

it('gives the script names that are options of it', () => {
  const names = [...code.matchAll(/add\('(\w+)'/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(optionNames()).toContain(name);
});

describe('permissions', () => {
  it('are there for what the code does, and for nothing else', () => {
    const needed = required.filter(name => !FREE.includes(name)).map(name => NEEDED[name]);
    expect([...permissions.keys()].sort()).toEqual([...new Set(needed)].sort());
  });

  it('let it call what it calls, and read the choices it offers', () => {
    const called = [...code.matchAll(/callInWindow\('([\w.]+)'/g)].map(([, name]) => name);
    const globals = permissions.get('access_globals')?.map(({ mapValue }) => mapValue) ?? [];
    expect(globals.map(value => value?.[0]?.string)).toEqual(called);
    expect(globals.map(value => value?.map(({ boolean }) => boolean))).toEqual([
      [undefined, false, false, true],
    ]);
    const choices = (
      JSON.parse(section('TEMPLATE_PARAMETERS')) as (Parameter & { selectItems?: { value: string }[] })[]
    ).flatMap(({ selectItems = [] }) => selectItems.map(({ value }) => value));
    const types = permissions.get('access_consent')?.map(({ mapValue }) => mapValue?.[0]?.string);
    expect(choices).toEqual(['none', ...(types ?? [])]);
  });
});

describe('its own tests', () => {
  const { scenarios } = parse(section('TESTS')) as { scenarios: { name: string; code: string }[] };
  it.each(scenarios.map(({ name, code }) => [name, code]))('%s', (_, code) => playScenario(code));

  it('fail where the code does something else', () => {
    expect(() =>
      playScenario(`runCode({ scriptUrl: 'x' }); assertApi('injectScript').wasNotCalled();`),
    ).toThrow();
  });
});
