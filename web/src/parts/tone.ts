/* How a word of the server is shown: which signal, which icon. What is not listed is neutral. */
import type { ComponentType } from 'react';
import {
  IconAlertTriangle, IconAntennaBars1, IconAntennaBars3, IconAntennaBars5, IconCheck, IconCircleCheck,
  IconCircleDashed, IconCircleDot, IconCircleX, IconClock, IconClockPause, IconFlame, IconHistory,
  IconPlayerPause, IconShieldCheck, IconShieldX,
} from './icons';

export type Tone = 'ok' | 'warn' | 'bad' | 'accent' | 'quiet' | 'plain';
export type Icon = ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;

const looks: Record<string, [Tone, Icon]> = {
  active: ['ok', IconCircleCheck],
  waiting: ['accent', IconClock],
  draft: ['quiet', IconCircleDashed],
  inactive: ['quiet', IconCircleX],
  partly_suspended: ['warn', IconPlayerPause],
  suspended: ['warn', IconPlayerPause],
  expired: ['quiet', IconHistory],
  cancelled: ['quiet', IconCircleX],
  withdrawn: ['quiet', IconCircleX],
  open: ['accent', IconCircleDot],
  resolved: ['ok', IconCircleCheck],
  done: ['ok', IconCircleCheck],
  applied: ['ok', IconCircleCheck],
  published: ['ok', IconCircleCheck],
  delivered: ['ok', IconCircleCheck],
  scheduled: ['accent', IconClock],
  pending: ['accent', IconClock],
  failed: ['bad', IconAlertTriangle],
  dead: ['bad', IconAlertTriangle],
  covered: ['ok', IconShieldCheck],
  uncovered: ['bad', IconShieldX],
  running: ['accent', IconClock],
  paused: ['warn', IconClockPause],
  met: ['ok', IconCheck],
  met_late: ['warn', IconCheck],
  violated: ['bad', IconAlertTriangle],
  critical: ['bad', IconFlame],
  high: ['warn', IconAntennaBars5],
  normal: ['plain', IconAntennaBars3],
  low: ['quiet', IconAntennaBars1],
};

export function lookOf(word: string): { tone: Tone; icon: Icon } | null {
  const look = looks[word];
  return look ? { tone: look[0], icon: look[1] } : null;
}
