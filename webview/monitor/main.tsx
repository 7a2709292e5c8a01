import { render } from 'preact';
import type { FromMonitor, ToMonitor } from '../../src/core/wire/monitor-messages';
import { connectHost } from '../ui/host';
import '../ui/ui.css';
import { App } from './app';
import './monitor.css';

const root = document.getElementById('root');
if (root) render(<App host={connectHost<ToMonitor, FromMonitor>()} />, root);
