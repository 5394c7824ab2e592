import { describe, expect, it } from 'vitest';
import { readLinks } from '../../src/cli/read-csv.ts';

const A = 'https://a.example/?utm_source=x';
const B = 'https://b.example/?utm_source=y';
const read = (text: string, column?: string) => readLinks(new TextEncoder().encode(text), column);
const urls = (text: string, column?: string) => read(text, column).map(({ url }) => url);

describe('the links of a file', () => {
  it.each([
    ['a header', `Name,URL\nSpring,${A}\nSummer,${B}\n`],
    ['semicolons and CRLF', `Name;Final URL;Cost\r\nSpring;${A};1,50\r\nSummer;${B};2,75\r\n`],
    ['tabs', `Name\tlanding_page\nSpring, early\t${A}\nSummer\t${B}`],
    ['quotes', `"Name","Link"\n"Spring, ""early""","${A}"\n"Summer","${B}"\n`],
    ['a byte order mark', `\uFEFFURL,Name\n${A},Spring\n${B},Summer\n`],
    ['no header', `Spring,${A}\nSummer,${B}\n`],
    ['one link a line', `${A}\n\n${B}\n`],
    ['a header that says nothing', `Ad,Target\n1,${A}\n2,${B}\n`],
    ['blanks', `Name , URL\nSpring , ${A} \nSummer , ${B}\n`],
    ['rows of several lengths', `URL,Name\n${A}\n${B},Summer,late\n`],
  ])('are found with %s', (_, text) => {
    expect(urls(text)).toEqual([A, B]);
  });

  it('are found in UTF-16, as spreadsheets write it', () => {
    const bytes = Buffer.from(`\uFEFFName\tURL\r\nMüller\t${A}\r\n`, 'utf16le');
    expect(readLinks(bytes)).toEqual([{ url: A, line: 2 }]);
  });

  it('stand in the column that a header calls so, even where another has more', () => {
    expect(urls(`Logo,URL\nhttps://logo.example/1,${A}\nhttps://logo.example/2,\n`)).toEqual([A]);
  });

  it('stand in the column that is asked for', () => {
    expect(urls(`URL,Tracking\n${A},${B}\n`, 'tracking')).toEqual([B]);
    expect(() => urls(`URL,Name\n${A},x\n`, 'Landing')).toThrow('has no column Landing; it has URL, Name');
  });

  it('keep a comma or semicolon of their own', () => {
    const link = 'https://a.example/?utm_term=red,blue;green';
    expect(urls(`${link}\n${B}\n`)).toEqual([link, B]);
    expect(urls(`Name;URL\nSpring;"${link}"\n`)).toEqual([link]);
  });

  it('have the line at which their record begins', () => {
    expect(read(`Name,URL\n"two\nlines",${A}\n\nSummer,${B}\n`)).toEqual([
      { url: A, line: 2 },
      { url: B, line: 5 },
    ]);
    expect(read(`Name;URL\r\n"two\r\nlines";${A}\r\nSummer;${B}\r\n`)).toEqual([
      { url: A, line: 2 },
      { url: B, line: 4 },
    ]);
  });

  it('include what was meant as a link and is none', () => {
    expect(urls(`URL\n${A}\nwww.b.example/?utm_source=y\n`)).toEqual([A, 'www.b.example/?utm_source=y']);
    expect(urls(`www.b.example/?utm_source=y\n${A}\n`)).toEqual(['www.b.example/?utm_source=y', A]);
  });

  it.each(['', 'Name,Cost\nSpring,1\n', 'URL\nwww.a.example\n'])('are missed in %j', text => {
    expect(() => read(text)).toThrow('has no column of links');
  });
});
