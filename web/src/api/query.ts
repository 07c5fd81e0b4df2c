/* The cache of what was read, with one policy for the whole workspace. */
import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      networkMode: 'always',
      retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < 1,
      retryDelay: 800,
    },
    mutations: { networkMode: 'always' },
  },
});
