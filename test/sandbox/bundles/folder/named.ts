export const named = (): string => 'typescript by its .js name';
