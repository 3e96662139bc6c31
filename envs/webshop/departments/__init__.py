"""What the generated shop sells, a module for each department; gigpo_gym.envs.webshop.assortment says how they read."""
