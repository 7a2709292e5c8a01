import { render } from 'preact';
import type { FromTrainingPage, ToTrainingPage } from '../../src/core/train/page-messages';
import { connectHost } from '../ui/host';
import '../ui/ui.css';
import { App } from './app';
import './training.css';

const root = document.getElementById('root');
if (root) render(<App host={connectHost<ToTrainingPage, FromTrainingPage>()} />, root);
