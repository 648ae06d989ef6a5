import { MantineProvider, useMantineColorScheme } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { lazy, StrictMode, Suspense, useEffect, useState } from "react";
import { I18nextProvider } from "react-i18next";
import { Problem } from "../client/problem";
import { type Services, ServicesProvider, usePreference } from "../ui/services";
import { theme } from "../ui/theme";
import { Root } from "./Root";

const Notices = lazy(() => import("../ui/Notices"));

function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        // A refusal is an answer; only what was not reached is asked again.
        retry: (count, error) =>
          error instanceof Problem && (error.status === 0 || error.status >= 500) && count < 4,
        retryDelay: (count) => Math.min(4_000, 400 * 2 ** count),
      },
    },
  });
}

export function App({ services, nonce }: { services: Services; nonce: string }) {
  const [queries] = useState(newQueries);
  return (
    <StrictMode>
      <I18nextProvider i18n={i18next}>
        <ServicesProvider value={services}>
          <QueryClientProvider client={queries}>
            <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
              <ThemeFollower />
              <Suspense fallback={null}>
                <Notices />
              </Suspense>
              <Root />
            </MantineProvider>
          </QueryClientProvider>
        </ServicesProvider>
      </I18nextProvider>
    </StrictMode>
  );
}

function ThemeFollower() {
  const wanted = usePreference((state) => state.theme);
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(wanted), [wanted, setColorScheme]);
  return null;
}
