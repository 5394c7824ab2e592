import express from 'express';
import { createNodeRelay } from 'utmost/relay/node';

const relay = createNodeRelay({ applicationId: process.env.APPLICATION_ID });

const app = express();
app.use(express.json({ limit: '1mb' }), express.text({ limit: '1mb' }));
app.use('/t', relay);
app.listen(Number(process.env.PORT), '127.0.0.1');
