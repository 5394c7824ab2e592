import { fencesOf, readPage } from '../test/docs/pages.ts';

// What is tested is what the documentation says: every recipe for the relay comes out of it.
const text = readPage('docs/relay.md') + readPage('docs/user-com.md');

/** All code of both pages, in its order. */
export const recipes = fencesOf(text, 'js', 'ts', 'nginx', 'html', 'sh');
const having = (mark: string) => recipes.find(code => code.includes(mark)) ?? '';

export const node = having('serve(');
export const nginx = having('location');
export const nginxCopies = having('upstream relays');
export const worker = having('env.APPLICATION_ID, trustProxy');
/** The servers that are started as they stand, and those that a compiler checks. */
export const express = having("from 'express'");
export const fastify = having("from 'fastify'");
export const nodeHttp = having("from 'node:http'");
export const deno = having('Deno.serve');
export const bun = having('Bun.serve');
export const next = having('export const POST = createRelay');
export const nuxt = having("from 'h3'");
export const svelteKit = having('$env/dynamic/private');
export const userCom = having('userCom:');
