# A history service. The worker and the client are libraries in programs of yours.
FROM node:22-slim AS build
WORKDIR /millrace
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
WORKDIR /millrace
COPY --from=build /millrace/package.json ./
COPY --from=build /millrace/node_modules ./node_modules
COPY --from=build /millrace/dist ./dist
USER node
CMD ["node", "--enable-source-maps", "dist/services/history/main.js"]
