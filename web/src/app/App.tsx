/* Who is signed in decides which workspace there is. */
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { whenSignedOut } from '@/api/client';
import { sayMeta } from '@/api/meta';
import { sayProblems } from '@/api/problem';
import { queries } from '@/api/query';
import { forgetSession, type Session, useSessionQuery } from '@/api/session';
import { Bars, Empty, Failed } from '@/parts/States';
import { ErrorFrame } from '@/shell/ErrorFrame';
import { Shell } from '@/shell/Shell';
import { SignIn } from '@/signin/SignIn';
import { setZone } from '@/text/format';
import { locale, setLanguage, t } from '@/text/t';
import { metaInWords, problemText } from '@/text/words';
import { theme } from './theme';

const pages = {
  list: () => import('@/records/ListPage'),
  record: () => import('@/records/RecordRoute'),
  form: () => import('@/records/FormPage'),
  settings: () => import('@/records/SettingsPage'),
  desk: () => import('@/coverage/Desk'),
  queue: () => import('@/cases/Queue'),
  case: () => import('@/cases/CasePage'),
  contract: () => import('@/contracts/ContractPage'),
  entitlement: () => import('@/entitlements/EntitlementPage'),
  renewals: () => import('@/renewals/Board'),
  imports: () => import('@/imports/ImportPage'),
  reports: () => import('@/reports/Reports'),
  peek: () => import('@/records/Peek'),
};
const ListPage = lazy(pages.list);
const RecordPage = lazy(pages.record);
const FormPage = lazy(pages.form);
const SettingsPage = lazy(pages.settings);
const Desk = lazy(pages.desk);
const Queue = lazy(pages.queue);
const Renewals = lazy(pages.renewals);
const Imports = lazy(pages.imports);
const Reports = lazy(pages.reports);
const Overview = lazy(() => import('@/admin/Overview'));
const Roles = lazy(() => import('@/admin/Roles'));
const Webhooks = lazy(() => import('@/admin/Webhooks'));
const Portal = lazy(() => import('@/portal/Portal'));

/* Once the first page stands, the others are fetched, so that going to them is instant. */
function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(() => Object.values(pages).forEach((load) => void load().catch(() => undefined)), 1500);
    return () => clearTimeout(timer);
  }, []);
}

const schemes = localStorageColorSchemeManager({ key: 'entitled.scheme' });

function firstPage(session: Session): string {
  return (session.permissions as string[]).includes('coverage.check') ? '/coverage' : '/entitlements';
}

function Staff({ session }: { session: Session }) {
  usePreload();
  return (
    <Shell>
      <Routes>
        <Route path="/" element={<Navigate to={firstPage(session)} replace />} />
        <Route path="/coverage" element={<Desk />} />
        <Route path="/queue" element={<Queue />} />
        <Route path="/renewals" element={<Renewals />} />
        <Route path="/imports" element={<Imports />} />
        <Route path="/reports" element={<Reports />} />
        <Route path="/settings" element={<SettingsPage />} />
        <Route path="/administration" element={<Overview />} />
        <Route path="/roles" element={<Roles />} />
        <Route path="/webhook_endpoints" element={<Webhooks />} />
        <Route path="/:plural" element={<ListPage />} />
        <Route path="/:plural/new" element={<FormPage />} />
        <Route path="/:plural/:id/edit" element={<FormPage />} />
        <Route path="/:plural/:id" element={<RecordPage />} />
        <Route path="*" element={<Empty alone title={t('app.not_found')} hint={t('app.not_found_hint')} />} />
      </Routes>
    </Shell>
  );
}

function Customer() {
  return <Shell><Portal /></Shell>;
}

/* What is spoken, once its texts are there; null before. */
function useLanguage(wanted: string | null): string | null {
  const [spoken, setSpoken] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    void setLanguage(wanted).then(() => {
      if (!isWanted) return;
      sayMeta(locale(), metaInWords);
      sayProblems(problemText);
      setSpoken(locale());
    });
    return () => { isWanted = false; };
  }, [wanted]);
  return spoken;
}

function Gate() {
  const { data: session, error, refetch } = useSessionQuery();
  const language = useLanguage(session?.language ?? null);
  useEffect(() => whenSignedOut(forgetSession), []);
  if (error && !session) return <main><Failed alone error={error} again={() => void refetch()} /></main>;
  if (session === undefined || language === null) return <main style={{ padding: 48 }}><Bars count={3} /></main>;
  if (session === null) return <SignIn key={language} />;
  setZone(session.time_zone);
  return (
    <ErrorFrame main at={language}>
      <Suspense key={language} fallback={<main style={{ padding: 48 }}><Bars count={3} /></main>}>
        {session.role === 'customer' ? <Customer /> : <Staff session={session} />}
      </Suspense>
    </ErrorFrame>
  );
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <BrowserRouter><Gate /></BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
